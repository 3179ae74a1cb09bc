package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** Tells a target that its predecessor has brought it everything. */
@Serde
public record SyncDoneRequest(ChainRef chain, long targetId) {}
