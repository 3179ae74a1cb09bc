package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** Asks for the last chunk that a file has on one chain. */
@Serde
public record LastChunkRequest(ChainRef chain, long targetId, long inodeId) {}
