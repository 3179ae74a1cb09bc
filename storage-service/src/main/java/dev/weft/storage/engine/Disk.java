package dev.weft.storage.engine;

import java.io.IOException;
import java.util.List;

/**
 * The disk as the engine sees it: data files and one index. Real in production, made of memory under simulation.
 *
 * <p>Thread-safe. Calls block, and an interrupt does not end them early.
 */
public interface Disk extends AutoCloseable {
    /**
     * Unit of access. A read or write whose position, length and memory address are multiples of it needs no copy on the
     * way; any other is allowed as well.
     */
    int BLOCK_BYTES = 4096;

    /** Opens a data file, and creates an empty one if it is not there. The disk closes it. */
    DiskFile file(String name) throws IOException;

    /** The disk's index. */
    DiskIndex index();

    /**
     * Carries out all reads, at the same time where the disk can, and returns when each of them has ended.
     *
     * @throws IOException if one of them failed; what is then in the memory of any of them is undefined
     */
    default void read(List<DiskRead> reads) throws IOException {
        for (DiskRead read : reads) {
            read.file().read(read.into(), read.position());
        }
    }

    /** Keeps some space back for the next time that the disk is opened, if there is any. To be called from time to time. */
    default void setAside() throws IOException {}

    /** Size of the disk in bytes. */
    long capacityBytes();

    /** Bytes by which files may still grow. */
    long freeBytes() throws IOException;

    @Override
    void close();
}
