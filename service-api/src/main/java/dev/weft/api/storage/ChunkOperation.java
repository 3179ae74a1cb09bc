package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** What to do to one chunk. */
@Serde
public sealed interface ChunkOperation {
    /**
     * Puts bytes at {@code offset}; a gap before them reads as zeros.
     *
     * @param chunkSize the file's chunk size: the chunk's greatest length
     * @param checksum CRC32C of the bytes
     */
    @Serde
    record Write(int chunkSize, int offset, int length, int checksum, ChunkData data) implements ChunkOperation {}

    /** Makes the chunk exactly {@code length} bytes long, with zeros if it grows. */
    @Serde
    record Truncate(int chunkSize, int length) implements ChunkOperation {}

    /** Removes the chunk. */
    @Serde
    record Remove() implements ChunkOperation {}
}
