package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** What became of one piece. */
@Serde
public sealed interface ReadResult {
    /**
     * The bytes, fewer than asked for where the chunk ends earlier.
     *
     * @param checksum CRC32C of the {@code length} bytes
     * @param bytes the bytes, or empty if they went to the caller's memory
     * @param pending whether the version is not committed yet, and may never be; only if the request allows that
     */
    @Serde
    record Found(long version, int chunkLength, int length, int checksum, MemorySegment bytes, boolean pending)
            implements ReadResult {
        /** Of committed bytes. */
        public Found(long version, int chunkLength, int length, int checksum, MemorySegment bytes) {
            this(version, chunkLength, length, checksum, bytes, false);
        }
    }

    /** There is no such chunk: it reads as nothing. */
    @Serde
    record NotFound() implements ReadResult {}

    /** The piece could not be read; the others are not affected. */
    @Serde
    record Failed(StorageFault fault) implements ReadResult {}
}
