package dev.weft.rpc;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadFactory;

/** Memory of the user's own behind a buffer. */
final class UserMemory implements Lender {
    private final BufferPool pool;
    private final MemorySegment memory;
    private final ThreadFactory threads;
    private final Runnable onReleased;

    UserMemory(BufferPool pool, MemorySegment memory, ThreadFactory threads, Runnable onReleased) {
        this.pool = pool;
        this.memory = memory;
        this.threads = threads;
        this.onReleased = onReleased;
    }

    @Override
    public void takeBack(boolean onOwnersThread) {
        if (onOwnersThread) {
            release();
        } else {
            threads.newThread(this::release).start();
        }
    }

    private void release() {
        pool.registry().slabFreed(memory);
        try {
            onReleased.run();
        } finally {
            pool.forget(memory.byteSize());
        }
    }
}
