package dev.weft.bench.rdma;

import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RpcService;
import dev.weft.serde.Serde;

/** Lends memory of the server for one-sided transfers. */
@RpcService
public interface SharedMemory {
    Lent lend();

    /** The memory. */
    @Serde
    record Lent(RemoteMemory memory) {}
}
