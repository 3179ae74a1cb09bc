package dev.weft.storage;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.storage.StorageService;

/** Finds the storage service of another node. */
@FunctionalInterface
public interface Peers {
    /** Does not block; whether the node answers shows in the calls. */
    StorageService storage(NodeInfo node);
}
