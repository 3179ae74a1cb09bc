package dev.weft.storage.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Bytes on a disk.
 *
 * <p>Thread-safe; calls block and an interrupt does not end them early. Nothing is durable before {@link #force}. When the
 * power fails before that, every byte that a write covered holds what it held before or what was written, each for
 * itself: the engine relies on bytes that are written again as they were.
 */
public interface DiskFile {
    /** Fills {@code into} from {@code position} on; fewer bytes in the file are an error. */
    void read(MemorySegment into, long position) throws IOException;

    /**
     * Writes all of {@code from}; the file grows as needed.
     *
     * @throws NoSpaceException if the disk is full; some of the bytes may have been written
     */
    void write(MemorySegment from, long position) throws IOException;

    /** Length of the file. */
    long size() throws IOException;

    /**
     * Sets space aside up to {@code size}, which becomes the length of the file if it is shorter; new bytes are zeros.
     *
     * @throws NoSpaceException if the disk has not that much
     */
    void allocate(long size) throws IOException;

    /** Gives the space of a range back to the disk. The length stays; what the range holds is undefined then. */
    void discard(long position, long length) throws IOException;

    /** Cuts the file to {@code size}. */
    void truncate(long size) throws IOException;

    /** Makes durable what was done before the call. Called on the engine's own threads. */
    void force() throws IOException;
}
