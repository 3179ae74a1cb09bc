package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/** One replica of a chain: its target, the node that holds it and its published state. */
@Serde
public record ChainTarget(long targetId, int nodeId, PublicState state) {}
