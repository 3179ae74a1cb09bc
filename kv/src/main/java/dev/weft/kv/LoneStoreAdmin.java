package dev.weft.kv;

import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.List;
import java.util.Optional;

/** Of a store without peers. */
record LoneStoreAdmin(String engine, KeyValueStore store) implements StoreAdmin {
    @Override
    public StoreStatus status() {
        try (Transaction transaction = store.begin()) {
            long version = transaction.readVersion();
            return new StoreStatus(engine, "", true, Optional.empty(), List.of(), 0, version, version);
        }
    }

    @Override
    public void addPeer(StorePeer peer) {
        throw noPeers();
    }

    @Override
    public void removePeer(StorePeer peer) {
        throw noPeers();
    }

    private RpcException noPeers() {
        return new RpcException(StatusCode.UNIMPLEMENTED, "engine " + engine + " has no peers");
    }
}
