package dev.weft.meta;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckStatus;
import dev.weft.api.meta.CheckStatus.Phase;
import dev.weft.api.meta.MetaException;
import dev.weft.meta.check.Check;
import dev.weft.meta.check.Report;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A check on a thread of its own, which waits while there are many findings that nobody has fetched, and ends when nobody has
 * asked for it in a while.
 */
final class RunningCheck implements Report, AutoCloseable {
    private static final int UNFETCHED_MAX = 1000;
    private static final int TOLD_MAX = 200;
    private static final Duration ABANDONED = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** How often it is looked whether anybody still asks. */
    private static final int LOOKED_BETWEEN = 1 << 14;

    private final UUID id;
    private final Environment environment;
    private final AtomicLong looked = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    /** The oldest of those that were not fetched is number {@link #fetched}. All that follows is guarded by the lock. */
    private final Deque<CheckFinding> unfetched = new ArrayDeque<>();

    private long fetched;
    private Phase phase = Phase.ENTRIES;
    private String failure = "";
    private long askedNanos;
    private @Nullable Thread thread;

    RunningCheck(UUID id, Environment environment) {
        this.id = id;
        this.environment = environment;
        this.askedNanos = environment.clock().nanoTime();
    }

    UUID id() {
        return id;
    }

    void start(Check check) {
        Thread started = environment.threads().newThread(() -> run(check));
        lock.lock();
        try {
            thread = started;
        } finally {
            lock.unlock();
        }
        started.start();
    }

    private void run(Check check) {
        try {
            check.run();
        } catch (MetaException | RpcException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            fail("it was ended");
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            System.getLogger(RunningCheck.class.getName()).log(System.Logger.Level.ERROR, "the check failed", e);
            fail(e.toString());
        }
    }

    private void fail(String why) {
        lock.lock();
        try {
            failure = why;
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return phase == Phase.OVER || !failure.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** @param from the first finding wanted; those before have been fetched */
    CheckStatus status(long from) {
        lock.lock();
        try {
            askedNanos = environment.clock().nanoTime();
            while (fetched < from && !unfetched.isEmpty()) {
                unfetched.remove();
                fetched++;
            }
            List<CheckFinding> told = unfetched.stream().limit(TOLD_MAX).toList();
            return new CheckStatus(phase, looked.get(), fetched + unfetched.size(), told, failure);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void phase(Phase begun) {
        lock.lock();
        try {
            phase = begun;
            looked.set(0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void looked() throws InterruptedException {
        if (looked.incrementAndGet() % LOOKED_BETWEEN == 0) {
            requireAsked();
        }
    }

    @Override
    public void found(CheckFinding finding) throws InterruptedException {
        while (!add(finding)) {
            environment.clock().sleep(PAUSE);
            requireAsked();
        }
    }

    private boolean add(CheckFinding finding) {
        lock.lock();
        try {
            return unfetched.size() < UNFETCHED_MAX && unfetched.add(finding);
        } finally {
            lock.unlock();
        }
    }

    private void requireAsked() throws InterruptedException {
        lock.lock();
        try {
            if (environment.clock().nanoTime() - askedNanos > ABANDONED.toNanos()) {
                throw new InterruptedException("nobody asks for check " + id + " any more");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
