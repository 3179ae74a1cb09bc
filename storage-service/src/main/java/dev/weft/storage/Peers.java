package dev.weft.storage;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.storage.StorageService;

/** Finds the storage service of another node. */
@FunctionalInterface
public interface Peers {
    /** Does not block; whether the node answers shows in the calls. */
    StorageService storage(NodeInfo node);

    /** The cluster takes a node for dead: calls to it that are in progress had better end. Does not block. */
    default void lost(NodeInfo node) {}
}
