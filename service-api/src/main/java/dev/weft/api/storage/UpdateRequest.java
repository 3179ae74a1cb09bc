package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** A change of one chunk, from a client to the head of a chain. */
@Serde
public record UpdateRequest(ChainRef chain, ChunkId chunk, WriteTag tag, ChunkOperation operation) {}
