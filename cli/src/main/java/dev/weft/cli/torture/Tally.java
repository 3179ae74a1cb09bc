package dev.weft.cli.torture;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** What the workers of one sort managed to do. Thread-safe. */
final class Tally {
    /** A worker was served in a second in which one of its operations succeeded. */
    private static final long SLOT_NANOS = Duration.ofSeconds(1).toNanos();

    private final Clock clock;
    private final long beganNanos;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final BitSet[] served;

    @GuardedBy("lock")
    private final long[] lastSuccessNanos;

    @GuardedBy("lock")
    private long longestStallNanos;

    @GuardedBy("lock")
    private long succeeded;

    @GuardedBy("lock")
    private final Map<String, Long> failures = new TreeMap<>();

    Tally(int workers, Clock clock) {
        this.clock = clock;
        this.beganNanos = clock.nanoTime();
        this.served = new BitSet[workers];
        this.lastSuccessNanos = new long[workers];
        for (int i = 0; i < workers; i++) {
            served[i] = new BitSet();
            lastSuccessNanos[i] = beganNanos;
        }
    }

    void succeeded(int worker) {
        long now = clock.nanoTime();
        lock.lock();
        try {
            succeeded++;
            served[worker].set((int) ((now - beganNanos) / SLOT_NANOS));
            longestStallNanos = Math.max(longestStallNanos, now - lastSuccessNanos[worker]);
            lastSuccessNanos[worker] = now;
        } finally {
            lock.unlock();
        }
    }

    /** @param why in few words, so that the same is counted together */
    void failed(String why) {
        lock.lock();
        try {
            failures.merge(why, 1L, Long::sum);
        } finally {
            lock.unlock();
        }
    }

    /** A summary until now. */
    Summary summary() {
        long now = clock.nanoTime();
        lock.lock();
        try {
            int slots = (int) ((now - beganNanos) / SLOT_NANOS);
            long good = 0;
            long stall = longestStallNanos;
            for (int i = 0; i < served.length; i++) {
                good += served[i].get(0, slots).cardinality();
                stall = Math.max(stall, now - lastSuccessNanos[i]);
            }
            long all = Math.max(1, (long) slots * served.length);
            return new Summary(succeeded, new TreeMap<>(failures), (double) good / all, stall);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The workers of one sort.
     *
     * @param availability share of the seconds of all workers in which an operation succeeded
     * @param longestStallNanos longest time that one worker went without success
     */
    record Summary(long succeeded, Map<String, Long> failures, double availability, long longestStallNanos) {
        long failed() {
            return failures.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Share of operations. */
        double success() {
            return (double) succeeded / Math.max(1, succeeded + failed());
        }
    }
}
