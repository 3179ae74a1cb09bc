package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** Asks whether a target has the change of a chunk that bears this tag, be it pending or committed. */
@Serde
public record TakenRequest(ChainRef chain, long targetId, ChunkId chunk, WriteTag tag) {}
