package dev.weft.cli;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RemoteKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreServiceRpc;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import java.util.List;

/** Key-value stores that other processes hold. */
final class Stores {
    private Stores() {}

    /** @param addresses one for each process that holds the store or a replica of it */
    static KeyValueStore remote(RpcClient client, List<String> addresses, Environment environment) {
        return new RemoteKeyValueStore(
                addresses.stream()
                        .map(address -> client.stub(StoreServiceRpc.SERVICE, address))
                        .toList(),
                StoreLimits.defaults(),
                environment);
    }
}
