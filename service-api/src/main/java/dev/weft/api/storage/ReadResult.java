package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** What became of one piece. */
@Serde
public sealed interface ReadResult {
    /**
     * The committed bytes, fewer than asked for where the chunk ends earlier.
     *
     * @param checksum CRC32C of the {@code length} bytes
     * @param bytes the bytes, or empty if they went to the caller's memory
     */
    @Serde
    record Found(long version, int chunkLength, int length, int checksum, MemorySegment bytes) implements ReadResult {}

    /** There is no such chunk: it reads as nothing. */
    @Serde
    record NotFound() implements ReadResult {}

    /** The piece could not be read; the others are not affected. */
    @Serde
    record Failed(StorageFault fault) implements ReadResult {}
}
