package dev.weft.storage.engine;

import java.io.IOException;

/** The disk as the engine sees it: data files and one index. Real in production, made of memory under simulation. */
public interface Disk extends AutoCloseable {
    /** Opens a data file, and creates it if it is not there. The disk closes it. */
    DiskFile file(String name) throws IOException;

    /** The disk's index. */
    DiskIndex index();

    /** Size of the disk in bytes. */
    long capacityBytes();

    @Override
    void close();
}
