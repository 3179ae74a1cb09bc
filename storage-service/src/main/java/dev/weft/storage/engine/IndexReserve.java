package dev.weft.storage.engine;

import dev.weft.storage.io.ErrnoException;
import dev.weft.storage.io.FileSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that only takes up space: opening the disk deletes it first. The index has to write when it is opened, so a disk that is
 * full to the last byte could otherwise not be opened any more, nor anything removed from it. For one thread at a time, which may
 * block.
 */
final class IndexReserve {
    /** Room for two logs and two buffers of the index. */
    private static final long BYTES_MIN = 32L << 20;

    /** An index that is large needs room to merge its files. */
    private static final long BYTES_MAX = 1L << 30;

    private static final int CAPACITY_PART = 64;

    /** Of a small disk it takes no more than this part. */
    private static final int SMALL_CAPACITY_PART = 8;

    private final Path file;
    private final long bytes;

    IndexReserve(Path folder, long capacityBytes) {
        this.file = folder.resolve("reserve");
        this.bytes = Math.min(
                Math.clamp(capacityBytes / CAPACITY_PART, BYTES_MIN, BYTES_MAX), capacityBytes / SMALL_CAPACITY_PART);
    }

    void release() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Makes the file; does nothing if it is there already, or there is no space for it now. */
    void setAside() throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Files.createFile(file);
        boolean done = false;
        try (FileSpace space = FileSpace.open(file)) {
            space.allocate(0, bytes);
            done = true;
        } catch (ErrnoException e) {
            // Without it the disk works as well, until it is full.
            System.getLogger(IndexReserve.class.getName())
                    .log(System.Logger.Level.DEBUG, "no space is set aside for the index", e);
        } finally {
            if (!done) {
                Files.delete(file);
            }
        }
    }
}
