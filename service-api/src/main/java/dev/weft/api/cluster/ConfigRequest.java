package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/** Asks for the options of a kind of node. */
@Serde
public record ConfigRequest(NodeRole role) {}
