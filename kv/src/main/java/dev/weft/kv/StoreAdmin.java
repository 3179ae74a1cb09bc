package dev.weft.kv;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/** What operators ask of a process that holds a key-value store, or one replica of it. */
@RpcService
public interface StoreAdmin {
    @Idempotent
    StoreStatus status();

    /**
     * Makes a peer, which runs already and waits to join, a replica of the store; returns once it has all data. The peer that
     * leads does this; others end it with FAILED_PRECONDITION, and engines without peers with UNIMPLEMENTED.
     */
    void addPeer(StorePeer peer);

    /** Takes a peer out of the store by its id, as {@link #addPeer}. */
    void removePeer(StorePeer peer);

    /** Of a store that is in one process. */
    static StoreAdmin alone(String engine, KeyValueStore store) {
        return new LoneStoreAdmin(engine, store);
    }
}
