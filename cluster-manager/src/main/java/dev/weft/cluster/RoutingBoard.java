package dev.weft.cluster;

import dev.weft.api.cluster.RoutingInfo;
import dev.weft.rpc.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Where the newest routing hangs, and where those wait who know it already. Thread-safe. */
final class RoutingBoard {
    private final Clock clock;
    private final int waitersMax;
    private final AtomicInteger waiters = new AtomicInteger();
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();
    private volatile RoutingInfo current = new RoutingInfo(0, List.of(), List.of());
    private volatile boolean closed;

    RoutingBoard(Clock clock, int waitersMax) {
        this.clock = clock;
        this.waitersMax = waitersMax;
    }

    RoutingInfo current() {
        return current;
    }

    void post(RoutingInfo routing) {
        current = routing;
        waiting.forEach(LockSupport::unpark);
    }

    /** Lets everyone go. */
    void close() {
        closed = true;
        waiting.forEach(LockSupport::unpark);
    }

    /** Newer routing; nothing if there is none before patience ends, or if too many wait already. */
    Optional<RoutingInfo> awaitNewerThan(long version, Duration patience) throws InterruptedException {
        if (current.version() <= version && patience.isPositive()) {
            try {
                if (waiters.incrementAndGet() <= waitersMax) {
                    await(version, clock.nanoTime() + patience.toNanos());
                }
            } finally {
                waiters.decrementAndGet();
            }
        }
        return Optional.of(current).filter(routing -> routing.version() > version);
    }

    private void await(long version, long deadlineNanos) throws InterruptedException {
        waiting.add(Thread.currentThread());
        try {
            while (current.version() <= version && !closed && deadlineNanos - clock.nanoTime() > 0) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                clock.parkUntil(this, deadlineNanos);
            }
        } finally {
            waiting.remove(Thread.currentThread());
        }
    }
}
