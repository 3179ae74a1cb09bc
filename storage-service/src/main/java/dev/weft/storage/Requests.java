package dev.weft.storage;

import dev.weft.api.storage.ChunkData;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;

/** Checks the bounds of what comes from outside. */
final class Requests {
    static final int CHUNK_BYTES_MIN = 64 << 10;
    static final int CHUNK_BYTES_MAX = 64 << 20;
    private static final long VERSION_MAX = 1L << 60;

    private Requests() {}

    static void check(ChunkOperation operation) throws StorageException {
        switch (operation) {
            case ChunkOperation.Remove() -> {}
            case ChunkOperation.Truncate(int chunkSize, int length) -> checkRange(chunkSize, 0, length);
            case ChunkOperation.Write write -> {
                checkRange(write.chunkSize(), write.offset(), write.length());
                long bytes = switch (write.data()) {
                    case ChunkData.Inline(var inline) -> inline.byteSize();
                    case ChunkData.Remote(var memory) -> memory.length();
                    case ChunkData.None() -> 0;
                };
                if (bytes != write.length()) {
                    throw Faults.of(Kind.INVALID, "write of " + write.length() + " bytes comes with " + bytes);
                }
            }
        }
    }

    private static void checkRange(int chunkSize, int offset, int length) throws StorageException {
        if (Integer.bitCount(chunkSize) != 1 || chunkSize < CHUNK_BYTES_MIN || chunkSize > CHUNK_BYTES_MAX) {
            throw Faults.of(
                    Kind.INVALID,
                    "chunk size " + chunkSize + " is not a power of two in " + CHUNK_BYTES_MIN + ".."
                            + CHUNK_BYTES_MAX);
        }
        if (offset < 0 || length < 0 || offset > chunkSize - length) {
            throw Faults.of(
                    Kind.INVALID, length + " bytes at offset " + offset + " are outside of a chunk of " + chunkSize);
        }
    }

    /** Far below where one more would be negative. */
    static void checkVersion(long version) throws StorageException {
        if (version < 1 || version > VERSION_MAX) {
            throw Faults.of(Kind.INVALID, "version " + version + " is not in 1.." + VERSION_MAX);
        }
    }

    static void checkLimit(int limit, int max) throws StorageException {
        if (limit < 1 || limit > max) {
            throw Faults.of(Kind.INVALID, "limit " + limit + " is not in 1.." + max);
        }
    }
}
