package dev.weft.api.storage;

import dev.weft.serde.Serde;

/**
 * Says that the sender, and whoever is before it, has made durable a change that it forwarded ahead.
 *
 * @param chain as in the forward
 * @param version that the change makes
 */
@Serde
public record ConfirmRequest(ChainRef chain, long targetId, ChunkId chunk, WriteTag tag, long version) {}
