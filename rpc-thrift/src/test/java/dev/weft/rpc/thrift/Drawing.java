package dev.weft.rpc.thrift;

import dev.weft.rpc.RpcService;
import dev.weft.rpc.thrift.generated.Point;

/** A Weft service with Thrift structs as parameters and results. */
@RpcService
interface Drawing {
    Point mirror(Point point);

    Sketch keep(Sketch sketch);
}
