package dev.weft.rpc.spi;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Clock.Timer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One timer for all deadlines of a connection: waiting calls park without a time limit, and this looks at all of them when
 * the earliest deadline comes. A call whose deadline is later than the next look, which is nearly every one, costs one
 * comparison. Thread-safe.
 */
public final class DeadlineWatch {
    private final Clock clock;

    /** Ends what is due at a time, and says the earliest deadline left, or {@link #never}. */
    private final LongUnaryOperator expire;

    private final ReentrantLock lock = new ReentrantLock();

    /** When the timer runs; changed under the lock. Meaningful if {@link #armed}. */
    private volatile long nextNanos;

    private volatile boolean armed;

    @GuardedBy("lock")
    private @Nullable Timer timer;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * A watch over nothing yet.
     *
     * @param expire is given the time now; returns the earliest deadline that is left, or {@link
     *     #never}; runs on a thread of the clock and must not block
     */
    public DeadlineWatch(Clock clock, LongUnaryOperator expire) {
        this.clock = clock;
        this.expire = expire;
    }

    /** What {@code expire} returns at {@code now} when nothing is left to watch. */
    public static long never(long now) {
        return now + Long.MAX_VALUE / 2;
    }

    /** Sees to it that {@code expire} runs at the deadline. */
    public void add(long deadlineNanos) {
        if (!armed || deadlineNanos - nextNanos < 0) {
            arm(deadlineNanos);
        }
    }

    /** Looks no more. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (timer != null) {
                timer.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    private void arm(long deadlineNanos) {
        lock.lock();
        try {
            if (closed || (armed && deadlineNanos - nextNanos >= 0)) {
                return;
            }
            if (timer != null) {
                timer.cancel();
            }
            nextNanos = deadlineNanos;
            armed = true;
            timer = clock.schedule(deadlineNanos, this::look);
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        // Disarmed first: a deadline that is added while we look arms the timer again by itself.
        armed = false;
        long now = clock.nanoTime();
        long earliest = expire.applyAsLong(now);
        if (earliest - now < Long.MAX_VALUE / 4) {
            arm(earliest);
        }
    }
}
