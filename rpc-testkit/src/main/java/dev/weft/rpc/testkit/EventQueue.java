package dev.weft.rpc.testkit;

import dev.weft.rpc.Clock.Timer;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Timers in the order of their time, and of their making where that is equal. Not thread-safe. */
final class EventQueue {
    /** One timer. */
    static final class Event implements Timer, Comparable<Event> {
        private final long atNanos;
        private final long order;
        private @Nullable Runnable task;

        private Event(long atNanos, long order, Runnable task) {
            this.atNanos = atNanos;
            this.order = order;
            this.task = task;
        }

        long atNanos() {
            return atNanos;
        }

        /** Runs the task, once, unless it was cancelled. */
        void run() {
            Runnable pending = task;
            task = null;
            if (pending != null) {
                pending.run();
            }
        }

        boolean isCancelled() {
            return task == null;
        }

        @Override
        public void cancel() {
            task = null;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos - other.atNanos, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long made;

    Event add(long atNanos, Runnable task) {
        Event event = new Event(atNanos, made++, task);
        events.add(event);
        return event;
    }

    /** The earliest that is not cancelled, which stays; null if there is none. */
    @Nullable
    Event peek() {
        Event event = events.peek();
        while (event != null && event.isCancelled()) {
            events.poll();
            event = events.peek();
        }
        return event;
    }

    /** The earliest that is not cancelled, if its time is at most {@code nowNanos}. */
    @Nullable
    Event pollDue(long nowNanos) {
        Event event = peek();
        return event != null && event.atNanos() - nowNanos <= 0 ? events.poll() : null;
    }
}
