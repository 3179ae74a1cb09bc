package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.time.Duration;

/**
 * A change of one chunk, from a client to the head of a chain.
 *
 * @param age how long ago its first attempt was sent: a server that does not know the tag tells by it whether it might have
 *     known, and forgotten, it
 */
@Serde
public record UpdateRequest(ChainRef chain, ChunkId chunk, WriteTag tag, ChunkOperation operation, Duration age) {
    /** A first attempt. */
    public UpdateRequest(ChainRef chain, ChunkId chunk, WriteTag tag, ChunkOperation operation) {
        this(chain, chunk, tag, operation, Duration.ZERO);
    }
}
