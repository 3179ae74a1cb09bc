package dev.weft.storage.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Memory that begins at a block's border, for bytes on their way to and from the disk. Who asks for more than is left
 * waits. Pieces are powers of two in blocks and are kept for the next one: to end shared memory costs more than a read.
 */
final class BlockMemory {
    private static final int SHIFT = Integer.numberOfTrailingZeros(Disk.BLOCK_BYTES);

    /** Pieces of 4 KiB to 64 MiB. */
    private static final int SIZES = Integer.numberOfTrailingZeros(SizeClass.LARGEST_BYTES) - SHIFT + 1;

    /** Memory that is kept while nobody uses it, at most. */
    private static final long KEPT_BYTES_MAX = 32 << 20;

    private final Semaphore blocks;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Deque<MemorySegment>> free = new ArrayList<>();

    @GuardedBy("lock")
    private long keptBytes;

    /** @param bytes that may be out at a time; at least two of the largest chunks */
    BlockMemory(long bytes) {
        if (bytes < 2L * SizeClass.LARGEST_BYTES) {
            throw new IllegalArgumentException(
                    "memory of " + bytes + " bytes is less than " + 2L * SizeClass.LARGEST_BYTES);
        }
        this.blocks = new Semaphore(Math.toIntExact(bytes >> SHIFT), true);
        for (int i = 0; i < SIZES; i++) {
            free.add(new ArrayDeque<>());
        }
    }

    /** Memory of at least {@code length} bytes; what is in it is undefined. */
    Lease acquire(int length) {
        int size = Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(length - 1) - SHIFT);
        blocks.acquireUninterruptibly(1 << size);
        MemorySegment memory;
        lock.lock();
        try {
            memory = free.get(size).poll();
            keptBytes -= memory == null ? 0 : memory.byteSize();
        } finally {
            lock.unlock();
        }
        if (memory == null) {
            // Freed when nobody refers to it any more: an arena to close would stop all threads for a moment.
            memory = Arena.ofAuto().allocate((long) Disk.BLOCK_BYTES << size, Disk.BLOCK_BYTES);
        }
        return new Lease(memory, size);
    }

    final class Lease implements AutoCloseable {
        private final MemorySegment segment;
        private final int size;

        private Lease(MemorySegment segment, int size) {
            this.segment = segment;
            this.size = size;
        }

        MemorySegment segment() {
            return segment;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (keptBytes + segment.byteSize() <= KEPT_BYTES_MAX) {
                    free.get(size).push(segment);
                    keptBytes += segment.byteSize();
                }
            } finally {
                lock.unlock();
            }
            blocks.release(1 << size);
        }
    }
}
