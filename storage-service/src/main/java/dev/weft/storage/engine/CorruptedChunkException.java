package dev.weft.storage.engine;

import java.io.IOException;

/** The bytes of a chunk do not match the checksum they were stored with. */
public final class CorruptedChunkException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptedChunkException(ChunkKey key, ChunkVersion version, int offset, int length, int found, int stored) {
        super("chunk " + key + " version " + version.number() + ": " + length + " bytes at " + offset
                + " have checksum " + Integer.toHexString(found) + ", stored was " + Integer.toHexString(stored));
    }
}
