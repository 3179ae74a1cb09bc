package dev.weft.rpc;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A clock that stands still until a test advances it, and then wakes the threads that wait on it. */
final class StoppedClock implements Clock {
    private final AtomicLong nowNanos;
    private final Set<Thread> parked = ConcurrentHashMap.newKeySet();

    StoppedClock(long startNanos) {
        nowNanos = new AtomicLong(startNanos);
    }

    void advance(long nanos) {
        nowNanos.addAndGet(nanos);
        parked.forEach(LockSupport::unpark);
    }

    @Override
    public long nanoTime() {
        return nowNanos.get();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH;
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
        parked.add(Thread.currentThread());
        if (nanoTime() - deadlineNanos < 0) {
            LockSupport.park(blocker);
        }
        parked.remove(Thread.currentThread());
    }

    @Override
    public Timer schedule(long deadlineNanos, Runnable task) {
        throw new UnsupportedOperationException("nothing here needs a timer");
    }
}
