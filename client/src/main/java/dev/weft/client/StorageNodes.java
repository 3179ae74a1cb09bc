package dev.weft.client;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.storage.StorageService;

/** Finds the storage service of a node. */
@FunctionalInterface
public interface StorageNodes {
    /** Does not block; whether the node answers shows in the calls. */
    StorageService storage(NodeInfo node);
}
