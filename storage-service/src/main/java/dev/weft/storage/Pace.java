package dev.weft.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import java.util.concurrent.locks.ReentrantLock;

/** Lets bytes through at a rate that may be changed meanwhile. Thread-safe. */
final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** What was missed while nobody came may be made up for by this much. */
    private static final long CREDIT_NANOS = NANOS_PER_SECOND / 10;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** When what was let through so far is over at the rate. */
    @GuardedBy("lock")
    private long endNanos;

    private volatile long bytesPerSecond;

    /** @param bytesPerSecond zero for no limit */
    Pace(Clock clock, long bytesPerSecond) {
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        this.endNanos = clock.nanoTime();
    }

    /** Zero if there is no limit. */
    long rate() {
        return bytesPerSecond;
    }

    /** Whoever waits for the old rate goes on within a second. */
    void setRate(long value) {
        lock.lock();
        try {
            bytesPerSecond = value;
            endNanos = clock.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until so many bytes may go. */
    void take(long bytes) throws InterruptedException {
        long rate = bytesPerSecond;
        if (rate == 0) {
            return;
        }
        long begin = begin((long) ((double) bytes * NANOS_PER_SECOND / rate));
        while (begin - clock.nanoTime() > 0 && bytesPerSecond == rate) {
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
