package dev.weft.cli;

import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.spi.CallRecorder;

/** RPC clients as the file system wants them. */
final class Clients {
    private Clients() {}

    /** One that does not repeat calls by itself: its callers go to another replica, or look at the routing first. */
    static RpcClient create() {
        return create(CallRecorder.NONE);
    }

    /** The same, whose calls are recorded. */
    static RpcClient create(CallRecorder recorder) {
        ClientConfig config = ClientConfig.defaults().withRetry(RetryPolicy.none());
        return RpcClient.builder().config(config).recorder(recorder).build();
    }
}
