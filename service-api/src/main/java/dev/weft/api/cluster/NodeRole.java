package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/** What a node does in the cluster. */
@Serde
public enum NodeRole {
    MANAGER,
    META,
    STORAGE
}
