package dev.weft.storage.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Semaphore;

/** Memory for putting together a chunk that changes only in part; who asks for more than is left waits. */
final class ScratchMemory {
    /** Two chunks of the greatest length, or many usual ones. */
    private static final int BYTES_MAX = 2 * SizeClass.LARGEST_BYTES;

    private final Semaphore bytes = new Semaphore(BYTES_MAX, true);

    Lease acquire(int length) {
        bytes.acquireUninterruptibly(length);
        return new Lease(length);
    }

    final class Lease implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment segment;

        private Lease(int length) {
            this.segment = arena.allocate(length, 64);
        }

        /** Zeros at first. */
        MemorySegment segment() {
            return segment;
        }

        @Override
        public void close() {
            arena.close();
            bytes.release((int) segment.byteSize());
        }
    }
}
