package dev.weft.rpc.rdma.ffm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** A file that is waited for beside another one, so that the thread which waits can be made to look up. Thread-safe. */
final class WakeUp {
    private final int fd;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean closed;

    WakeUp() throws IOException {
        fd = Libc.eventFile();
        Libc.doNotBlock(fd);
    }

    int fd() {
        return fd;
    }

    /** Ends a wait: the one that is going on, or else the next one. */
    void signal() throws IOException {
        lock.lock();
        try {
            if (!closed) {
                Libc.signal(fd);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was signalled since this was asked last. */
    boolean take() throws IOException {
        return Libc.takeSignal(fd);
    }

    /** Nobody waits any more. */
    void close() throws IOException {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                Libc.close(fd);
            }
        } finally {
            lock.unlock();
        }
    }
}
