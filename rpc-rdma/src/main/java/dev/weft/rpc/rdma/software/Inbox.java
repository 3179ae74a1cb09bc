package dev.weft.rpc.rdma.software;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Events in order, for threads that wait for them on the environment's clock. */
final class Inbox<E> {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<E> events = new ArrayDeque<>();

    @GuardedBy("lock")
    private final ArrayDeque<Thread> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean woken;

    /** Why there will be no more events. */
    @GuardedBy("lock")
    private @Nullable String closed;

    Inbox(Clock clock) {
        this.clock = clock;
    }

    void put(E event) {
        lock.lock();
        try {
            if (closed == null) {
                events.add(event);
                wakeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has a thread that waits return without an event: the one that does, or else the next one that would. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next event.
     *
     * @param timeoutMillis how long to wait, for ever if it is negative
     * @return null if there was none in time, or {@link #wake} ended the wait
     * @throws IOException if there are none any more, or the thread was interrupted
     */
    @Nullable
    E take(int timeoutMillis) throws IOException {
        long deadline = timeoutMillis < 0 ? 0 : clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Thread self = Thread.currentThread();
        while (true) {
            lock.lock();
            try {
                waiting.remove(self);
                if (closed != null) {
                    throw Errno.EIO.because(closed);
                }
                E event = events.poll();
                if (event != null || woken || (timeoutMillis >= 0 && clock.nanoTime() - deadline >= 0)) {
                    woken = false;
                    return event;
                }
                if (self.isInterrupted()) {
                    throw new InterruptedIOException("interrupted while waiting for an event");
                }
                waiting.add(self);
            } finally {
                lock.unlock();
            }
            if (timeoutMillis < 0) {
                LockSupport.park(this);
            } else {
                clock.parkUntil(this, deadline);
            }
        }
    }

    /** Removes the events that match, after showing each to {@code seen}. */
    void removeIf(Predicate<E> match, Consumer<E> seen) {
        lock.lock();
        try {
            for (E event : events) {
                if (match.test(event)) {
                    seen.accept(event);
                }
            }
            events.removeIf(match);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting, now and later, with an exception that gives {@code reason}. */
    void close(String reason) {
        lock.lock();
        try {
            closed = reason;
            events.clear();
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    // The few that wait race for what there is; nobody relies on being woken alone.
    @GuardedBy("lock")
    private void wakeAll() {
        for (Thread thread : waiting) {
            LockSupport.unpark(thread);
        }
    }
}
