package dev.weft.api.storage;

import dev.weft.serde.Serde;

/**
 * Removes chunks of a file on one chain, from index {@code from} on, at every replica; sent to the head.
 *
 * @param limit how many at the most
 */
@Serde
public record RemoveChunksRequest(ChainRef chain, long inodeId, int from, int limit) {}
