package dev.weft.rpc.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A clock that stands still until it is turned; timers run on the thread that turns it. Thread-safe. */
public final class TestClock implements Clock {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final EventQueue events = new EventQueue();

    private volatile long nowNanos;

    /** A clock at zero. */
    public TestClock() {}

    /** Lets time pass, running each timer at its time. */
    public void advance(Duration duration) {
        long target = nowNanos + duration.toNanos();
        EventQueue.Event due = pollDue(target);
        while (due != null) {
            nowNanos = Math.max(nowNanos, due.atNanos());
            due.run();
            due = pollDue(target);
        }
        nowNanos = target;
    }

    private EventQueue.@Nullable Event pollDue(long target) {
        lock.lock();
        try {
            return events.pollDue(target);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public Instant instant() {
        return EPOCH.plusNanos(nowNanos);
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
        Thread self = Thread.currentThread();
        Timer timer = schedule(deadlineNanos, () -> LockSupport.unpark(self));
        if (deadlineNanos - nowNanos > 0) {
            LockSupport.park(blocker);
        }
        timer.cancel();
    }

    @Override
    public Timer schedule(long deadlineNanos, Runnable task) {
        lock.lock();
        try {
            return events.add(deadlineNanos, task);
        } finally {
            lock.unlock();
        }
    }
}
