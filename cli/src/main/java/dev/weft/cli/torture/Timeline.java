package dev.weft.cli.torture;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one thing was, is, and may be: the states that its only writer gave it, one after another, and which of them a read
 * may still see.
 *
 * <p>A read may see the last state that was acknowledged, or seen, before it began, and every later one. A change whose outcome
 * is not known leaves the thing between two states for ever, so it ends the timeline: nothing more is written. Thread-safe.
 */
final class Timeline<S> {
    private final ReentrantLock lock = new ReentrantLock();

    /** From {@link #first} on; older ones nobody can see any more. */
    @GuardedBy("lock")
    private final Deque<S> states = new ArrayDeque<>();

    @GuardedBy("lock")
    private long first;

    /** The oldest state that a read that begins now may see. */
    @GuardedBy("lock")
    private long floor;

    /** How many reads that are in progress began at which floor. */
    @GuardedBy("lock")
    private final TreeMap<Long, Integer> reads = new TreeMap<>();

    @GuardedBy("lock")
    private boolean ended;

    Timeline(S initial) {
        states.add(initial);
    }

    /** Where the next change starts from. */
    S latest() {
        lock.lock();
        try {
            return states.getLast();
        } finally {
            lock.unlock();
        }
    }

    /** A change begins: from now on its outcome may be seen. */
    void begin(S next) {
        lock.lock();
        try {
            if (ended) {
                throw new IllegalStateException("the timeline has ended with a change in doubt");
            }
            states.addLast(next);
        } finally {
            lock.unlock();
        }
    }

    /** The last change is acknowledged: from now on nothing older may be seen. */
    void acknowledged() {
        lock.lock();
        try {
            floor = first + states.size() - 1;
            forget();
        } finally {
            lock.unlock();
        }
    }

    /** The outcome of the last change is not known. */
    void inDoubt() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** A read begins. */
    Read read() {
        lock.lock();
        try {
            reads.merge(floor, 1, Integer::sum);
            return new Read(floor);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void forget() {
        long oldest = reads.isEmpty() ? floor : Math.min(floor, reads.firstKey());
        while (first < oldest) {
            states.removeFirst();
            first++;
        }
    }

    /** A read in progress; for the thread that reads. It must be closed. */
    final class Read implements AutoCloseable {
        private final long from;
        private boolean closed;

        private Read(long from) {
            this.from = from;
        }

        /** What it may see if it ends now, oldest first. */
        List<S> candidates() {
            lock.lock();
            try {
                List<S> all = new ArrayList<>(states);
                return all.subList((int) (from - first), all.size());
            } finally {
                lock.unlock();
            }
        }

        /** It saw this one of its candidates and possibly no older one: reads that begin from now on see nothing older. */
        void saw(int candidate) {
            lock.lock();
            try {
                floor = Math.max(floor, from + candidate);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    reads.computeIfPresent(from, (_, count) -> count == 1 ? null : count - 1);
                    forget();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
