package dev.weft.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A clock that a test turns; for one thread. */
final class ManualClock implements Clock {
    private record Waiting(long atNanos, Runnable task) {}

    private final List<Waiting> waiting = new ArrayList<>();
    private long nowNanos;

    ManualClock(long startNanos) {
        nowNanos = startNanos;
    }

    void advance(long nanos) {
        long target = nowNanos + nanos;
        for (Waiting due = nextDue(target); due != null; due = nextDue(target)) {
            waiting.remove(due);
            nowNanos = due.atNanos - nowNanos > 0 ? due.atNanos : nowNanos;
            due.task.run();
        }
        nowNanos = target;
    }

    private @Nullable Waiting nextDue(long target) {
        return waiting.stream()
                .filter(w -> w.atNanos - target <= 0)
                .min(Comparator.comparingLong(w -> w.atNanos - target))
                .orElse(null);
    }

    int timers() {
        return waiting.size();
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH;
    }

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("nothing here sleeps");
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
        throw new UnsupportedOperationException("nothing here parks");
    }

    @Override
    public Timer schedule(long deadlineNanos, Runnable task) {
        Waiting added = new Waiting(deadlineNanos, task);
        waiting.add(added);
        return () -> waiting.remove(added);
    }
}
