package dev.weft.api.storage;

import dev.weft.serde.Serde;

/**
 * Asks whether a target has a change of a chunk that its predecessors have, be it pending or committed.
 *
 * @param version that the change makes
 * @param removal whether the change removes the chunk
 */
@Serde
public record TakenRequest(ChainRef chain, long targetId, ChunkId chunk, long version, boolean removal) {}
