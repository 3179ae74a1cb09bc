package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets work through at a rate that may be changed meanwhile, counted in bytes or whatever else the caller counts in.
 * Thread-safe.
 */
public final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** What was missed while nobody came may be made up for by this much. */
    private static final long CREDIT_NANOS = NANOS_PER_SECOND / 10;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** When what was let through so far is over at the rate. */
    @GuardedBy("lock")
    private long endNanos;

    private volatile long perSecond;

    /** @param perSecond zero for no limit */
    public Pace(Clock clock, long perSecond) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.endNanos = clock.nanoTime();
    }

    /** Zero if there is no limit. */
    public long rate() {
        return perSecond;
    }

    /** Whoever waits for the old rate goes on within a second. */
    public void setRate(long value) {
        lock.lock();
        try {
            perSecond = value;
            endNanos = clock.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until so much may go. */
    public void take(long amount) throws InterruptedException {
        long rate = perSecond;
        if (rate == 0) {
            return;
        }
        long begin = begin((long) ((double) amount * NANOS_PER_SECOND / rate));
        while (begin - clock.nanoTime() > 0 && perSecond == rate) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            clock.parkUntil(this, Math.min(begin, clock.nanoTime() + NANOS_PER_SECOND));
        }
    }

    private long begin(long nanos) {
        lock.lock();
        try {
            long now = clock.nanoTime();
            long begin = Math.max(endNanos, now - CREDIT_NANOS);
            endNanos = begin + nanos;
            return begin;
        } finally {
            lock.unlock();
        }
    }
}
