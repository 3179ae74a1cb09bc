package dev.weft.rpc.rdma.software;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads in until it is closed, and closing waits until the last of them is out: this is what makes the end of a
 * memory region or of a queue pair a fence. Whoever is inside only copies, so the wait is short.
 */
final class Gate {
    private static final int CLOSED = Integer.MIN_VALUE;

    /** How many are inside, and {@link #CLOSED} as its highest bit. */
    private final AtomicInteger inside = new AtomicInteger();

    private volatile @Nullable Thread closer;

    /** Enters, or says that it is closed. */
    boolean enter() {
        int now = inside.get();
        while (now >= 0) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inside.get();
        }
        return false;
    }

    void exit() {
        if (inside.decrementAndGet() == CLOSED) {
            LockSupport.unpark(closer);
        }
    }

    boolean isClosed() {
        return inside.get() < 0;
    }

    /** Returns when nobody is inside any more. Says whether this call was the one that closed it. */
    boolean close() {
        closer = Thread.currentThread();
        boolean first = inside.getAndUpdate(now -> now | CLOSED) >= 0;
        while (inside.get() != CLOSED) {
            LockSupport.park(this);
        }
        return first;
    }
}
