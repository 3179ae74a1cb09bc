package dev.weft.cluster;

import dev.weft.api.cluster.RoutingDelta;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.rpc.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Where the newest routing of a term hangs, and where those wait who know it already. Thread-safe. */
final class RoutingBoard {
    /** What to answer those who know {@code since}: most know the same version. */
    private record Answer(long since, long version, RoutingReply reply) {}

    private final Clock clock;
    private final int waitersMax;
    private final AtomicInteger waiters = new AtomicInteger();
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    /** Guards {@code log} and {@code lastAnswer}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final RoutingLog log;
    private Answer lastAnswer = new Answer(-1, -1, new RoutingReply(Optional.empty()));

    /** Written under the lock. */
    private volatile RoutingInfo current;

    private volatile boolean closed;

    RoutingBoard(Clock clock, ClusterManagerConfig config, ClusterMap first) {
        this.clock = clock;
        this.waitersMax = config.waitersMax();
        this.log = new RoutingLog(config.changesMax(), first);
        this.current = first.routing();
    }

    RoutingInfo current() {
        return current;
    }

    void post(ClusterMap next) {
        lock.lock();
        try {
            log.append(next);
            current = next.routing();
        } finally {
            lock.unlock();
        }
        wake();
    }

    /** Lets everyone go. */
    void close() {
        closed = true;
        wake();
    }

    boolean isClosed() {
        return closed;
    }

    /** What is newer than {@code version}: changes if they are remembered, all otherwise. Does not block for long. */
    RoutingReply newerThan(long version) {
        lock.lock();
        try {
            if (current.version() <= version) {
                return new RoutingReply(Optional.empty());
            }
            if (lastAnswer.since() != version || lastAnswer.version() != current.version()) {
                Optional<RoutingDelta> changes = log.since(version);
                lastAnswer = new Answer(
                        version,
                        current.version(),
                        changes.isPresent()
                                ? new RoutingReply(Optional.empty(), changes)
                                : new RoutingReply(Optional.of(current)));
            }
            return lastAnswer.reply();
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait look whether they still should. */
    void wake() {
        waiting.forEach(LockSupport::unpark);
    }

    /**
     * Waits for newer routing until patience ends; does not wait if too many do already.
     *
     * @param worth whether to go on waiting
     */
    RoutingReply awaitNewerThan(long version, Duration patience, BooleanSupplier worth) throws InterruptedException {
        if (current.version() <= version && patience.isPositive()) {
            try {
                if (waiters.incrementAndGet() <= waitersMax) {
                    await(version, clock.nanoTime() + patience.toNanos(), worth);
                }
            } finally {
                waiters.decrementAndGet();
            }
        }
        return newerThan(version);
    }

    private void await(long version, long deadlineNanos, BooleanSupplier worth) throws InterruptedException {
        waiting.add(Thread.currentThread());
        try {
            while (current.version() <= version
                    && !closed
                    && worth.getAsBoolean()
                    && deadlineNanos - clock.nanoTime() > 0) {
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
