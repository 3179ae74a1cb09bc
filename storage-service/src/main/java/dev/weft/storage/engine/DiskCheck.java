package dev.weft.storage.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes a block to the disk, forces it and reads it again, to notice a disk that dies while nobody writes. */
final class DiskCheck {
    private static final String FILE = "check";

    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final MemorySegment block = Arena.ofAuto().allocate(Disk.BLOCK_BYTES, Disk.BLOCK_BYTES);

    @GuardedBy("lock")
    private @Nullable DiskFile file;

    @GuardedBy("lock")
    private long count;

    DiskCheck(Disk disk) {
        this.disk = disk;
    }

    void run() throws IOException {
        lock.lock();
        try {
            if (file == null) {
                file = disk.file(FILE);
            }
            long mark = ++count * 0x9E3779B97F4A7C15L;
            fill(mark);
            file.write(block, 0);
            file.force();
            block.fill((byte) 0);
            file.read(block, 0);
            for (long at = 0; at < block.byteSize(); at += Long.BYTES) {
                long found = block.get(ValueLayout.JAVA_LONG, at);
                if (found != mark + at) {
                    throw new IOException("the disk does not keep what is written: byte " + at + " of the check has "
                            + Long.toHexString(found) + ", written was " + Long.toHexString(mark + at));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void fill(long mark) {
        for (long at = 0; at < block.byteSize(); at += Long.BYTES) {
            block.set(ValueLayout.JAVA_LONG, at, mark + at);
        }
    }
}
