package dev.weft.storage.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** One version of a chunk, held for reading: its space is not given to others before {@link #close}. */
public interface ChunkReader extends AutoCloseable {
    ChunkVersion version();

    /**
     * Reads the whole version and verifies its checksum.
     *
     * @param into takes exactly {@code version().length()} bytes
     * @throws CorruptedChunkException if the bytes on the disk are not those that were written
     */
    void read(MemorySegment into) throws IOException;

    /**
     * Reads a part of the version, and verifies the blocks of {@link Disk#BLOCK_BYTES} that it touches.
     *
     * @return CRC32C of the part
     * @throws IllegalArgumentException if the version ends before the part does
     * @throws CorruptedChunkException if the bytes on the disk are not those that were written
     */
    int read(int offset, MemorySegment into) throws IOException;

    @Override
    void close();
}
