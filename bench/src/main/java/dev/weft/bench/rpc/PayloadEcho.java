package dev.weft.bench.rpc;

import dev.weft.rpc.RpcService;

/** Sends a payload back. */
@RpcService
public interface PayloadEcho {
    Payload echo(Payload payload);
}
