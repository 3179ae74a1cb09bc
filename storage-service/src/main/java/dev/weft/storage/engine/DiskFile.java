package dev.weft.storage.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Bytes on a disk. Thread-safe; calls block and an interrupt does not end them early. */
public interface DiskFile {
    /** Fills {@code into} from {@code position} on; fewer bytes in the file are an error. */
    void read(MemorySegment into, long position) throws IOException;

    /** Writes all of {@code from}; the file grows as needed. Not durable before {@link #force}. */
    void write(MemorySegment from, long position) throws IOException;

    /** Makes durable what was written before the call. Called on the engine's own thread. */
    void force() throws IOException;
}
