package dev.weft.bench.stream;

import dev.weft.rpc.RpcService;
import dev.weft.rpc.StreamWriter;

/** Sends a stream. */
@RpcService
public interface Pieces {
    void send(StreamOrder order, StreamWriter<Piece> out);
}
