package dev.weft.rpc;

import java.time.Duration;
import java.time.Instant;

/**
 * Time as Weft code sees it: real in production, virtual under simulation.
 *
 * <p>All waiting in services goes through this interface, so that a seed replays a run and an hour passes in
 * milliseconds of a test. Thread-safe.
 */
public interface Clock {
    /** The machine's clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** Monotonic time in nanoseconds from an arbitrary origin; compare by subtraction only. */
    long nanoTime();

    /** Time of day, for display and file times, never for leases or timeouts. */
    Instant instant();

    /** Blocks the calling thread. */
    default void sleep(Duration duration) throws InterruptedException {
        long deadline = nanoTime() + duration.toNanos();
        while (nanoTime() - deadline < 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            parkUntil(this, deadline);
        }
    }

    /**
     * Parks the current thread until it is unparked or interrupted, or {@link #nanoTime} reaches {@code deadlineNanos};
     * may return early for no reason, as {@link java.util.concurrent.locks.LockSupport#park}.
     */
    void parkUntil(Object blocker, long deadlineNanos);

    /** Runs {@code task} once {@link #nanoTime} reaches {@code deadlineNanos}, on a thread of the clock: it must not block. */
    Timer schedule(long deadlineNanos, Runnable task);

    /** A task that waits for its time. */
    interface Timer {
        /** Stops the task from running if it has not begun; does nothing otherwise. */
        void cancel();
    }
}
