package dev.weft.storage.engine;

import java.lang.foreign.MemorySegment;

/** What to do to a chunk. The memory is only read while the engine applies the change. */
public sealed interface Change {
    /**
     * Puts bytes at an offset; a gap before them reads as zeros.
     *
     * @param checksum CRC32C of {@code bytes}, which the caller has verified
     */
    record Write(int offset, MemorySegment bytes, int checksum) implements Change {}

    /** Sets the length, with zeros where the chunk grows. */
    record Truncate(int length) implements Change {}

    /** Removes the chunk. */
    record Remove() implements Change {}

    /**
     * Makes {@code image} the whole chunk, whatever was there and whatever its version.
     *
     * @param checksum CRC32C of {@code image}, which the caller has verified
     */
    record Replace(MemorySegment image, int checksum) implements Change {}
}
