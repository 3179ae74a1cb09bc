package dev.weft.simulation;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.storage.StorageService;
import dev.weft.kv.KeyValueStore;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.Disk;

/** What stands between the parts of a node: nothing. A test that wants a node to misbehave puts itself there. */
interface Parts {
    Parts AS_THEY_ARE = new Parts() {};

    default Disk disk(Disk disk) {
        return disk;
    }

    default ChunkEngine engine(ChunkEngine engine) {
        return engine;
    }

    /** The store, as a cluster manager reaches it. */
    default KeyValueStore store(KeyValueStore store) {
        return store;
    }

    /** A cluster manager, as it serves others. */
    default ClusterManager managing(ClusterManager manager) {
        return manager;
    }

    /** The cluster manager, as a storage service reaches it. */
    default ClusterManager manager(ClusterManager manager) {
        return manager;
    }

    /** Another storage service, as a storage service reaches it. */
    default StorageService peer(StorageService peer) {
        return peer;
    }

    /** A storage service, as it serves others. */
    default StorageService served(StorageService service) {
        return service;
    }

    /** A storage service, as a client reaches it. */
    default StorageService reached(StorageService service) {
        return service;
    }
}
