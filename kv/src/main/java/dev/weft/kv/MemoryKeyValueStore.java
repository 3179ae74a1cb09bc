package dev.weft.kv;

import dev.weft.kv.engine.Commit;
import dev.weft.kv.engine.ConflictWindow;
import dev.weft.kv.engine.Counter;
import dev.weft.kv.engine.Mutation;
import dev.weft.kv.engine.OptimisticTransaction;
import dev.weft.kv.engine.Retry;
import dev.weft.kv.engine.Snapshot;
import dev.weft.kv.engine.Versionstamp;
import dev.weft.kv.engine.WriteSet;
import dev.weft.rpc.Environment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that forgets everything with the process: for tests and simulation.
 *
 * <p>Each key has a list of its versions, newest first. Readers take no lock: they pass over what is newer than their
 * version. A version that no open transaction can see any more is cut off when its key is written next, and a removed key
 * goes once all who might see it are gone.
 */
public final class MemoryKeyValueStore implements KeyValueStore {
    /** A key's value from {@code version} on; null if it was removed then. {@code older} is cut off under the lock. */
    private static final class Versioned {
        final long version;
        final @Nullable Bytes value;
        volatile @Nullable Versioned older;

        Versioned(long version, @Nullable Bytes value, @Nullable Versioned older) {
            this.version = version;
            this.value = value;
            this.older = older;
        }

        @Nullable
        Bytes at(long readVersion) {
            for (Versioned candidate = this; candidate != null; candidate = candidate.older) {
                if (candidate.version <= readVersion) {
                    return candidate.value;
                }
            }
            return null;
        }
    }

    private record Removed(Bytes key, long version) {}

    private final Environment environment;
    private final StoreLimits limits;
    private final ConflictWindow window;
    private final Retry retry;
    private final ConcurrentSkipListMap<Bytes, Versioned> entries = new ConcurrentSkipListMap<>();

    /** Guards what follows and every change of {@code entries}. */
    private final ReentrantLock lock = new ReentrantLock();

    private long version;

    /** Read versions in use, each with how many transactions read it. */
    private final TreeMap<Long, Integer> readers = new TreeMap<>();

    private final Deque<Removed> removed = new ArrayDeque<>();
    private boolean closed;

    public MemoryKeyValueStore(StoreLimits limits, Environment environment) {
        this.limits = limits;
        this.environment = environment;
        this.window = new ConflictWindow(0, limits.windowBytesMax(), limits.windowAge());
        this.retry = new Retry(this::begin, environment, limits.attemptsMax());
    }

    @Override
    public Transaction begin() {
        lock.lock();
        try {
            checkOpen();
            readers.merge(version, 1, Integer::sum);
            return new OptimisticTransaction(new View(version), this::commit, limits);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return retry.run(body);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private CommitResult commit(Commit commit) {
        lock.lock();
        try {
            checkOpen();
            switch (window.check(commit.readVersion(), commit.reads())) {
                case READ_CHANGED -> {
                    return new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED);
                }
                case TOO_OLD -> {
                    return new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD);
                }
                case FREE -> {}
            }
            long next = version + 1;
            Bytes stamp = Versionstamp.of(next);
            commit.writes().writeTo(stamp, new Writer(next));
            window.record(next, commit.writes(), stamp, environment.clock().nanoTime());
            version = next;
            sweep();
            return new CommitResult.Committed(next, stamp);
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    private long oldestReader() {
        return readers.isEmpty() ? version : readers.firstKey();
    }

    /** Drops removed keys that nobody can see any more. */
    private void sweep() {
        long oldest = oldestReader();
        while (!removed.isEmpty() && removed.getFirst().version() <= oldest) {
            Removed gone = removed.removeFirst();
            Versioned newest = entries.get(gone.key());
            if (newest != null && newest.version == gone.version() && newest.value == null) {
                entries.remove(gone.key());
            }
        }
    }

    /** Applies one commit; the lock is held. */
    private final class Writer implements WriteSet.Sink {
        private final long commitVersion;

        Writer(long commitVersion) {
            this.commitVersion = commitVersion;
        }

        @Override
        public void clear(KeyRange range) {
            entries.subMap(range.begin(), range.end()).forEach((key, newest) -> {
                if (newest.value != null) {
                    append(key, null);
                }
            });
        }

        @Override
        public void write(Bytes key, Mutation mutation) {
            Versioned newest = entries.get(key);
            switch (mutation) {
                case Mutation.Put(Bytes value) -> append(key, value);
                case Mutation.Remove() -> append(key, null);
                case Mutation.Add(long delta) -> append(key, Counter.add(newest == null ? null : newest.value, delta));
            }
        }

        private void append(Bytes key, @Nullable Bytes value) {
            Versioned newest = entries.get(key);
            if (newest == null && value == null) {
                return;
            }
            entries.put(key, new Versioned(commitVersion, value, newest));
            cutOff(newest);
            if (value == null) {
                removed.addLast(new Removed(key, commitVersion));
            }
        }

        private void cutOff(@Nullable Versioned from) {
            long oldest = oldestReader();
            Versioned candidate = from;
            while (candidate != null && candidate.version > oldest) {
                candidate = candidate.older;
            }
            if (candidate != null) {
                candidate.older = null;
            }
        }
    }

    private final class View implements Snapshot {
        private final long readVersion;

        View(long readVersion) {
            this.readVersion = readVersion;
        }

        @Override
        public long version() {
            return readVersion;
        }

        @Override
        public @Nullable Bytes get(Bytes key) {
            Versioned newest = entries.get(key);
            return newest == null ? null : newest.at(readVersion);
        }

        @Override
        public Cursor scan(KeyRange range) {
            return new RangeCursor(
                    entries.subMap(range.begin(), range.end()).entrySet().iterator(), readVersion);
        }

        @Override
        public void release() {
            lock.lock();
            try {
                readers.computeIfPresent(readVersion, (v, count) -> count == 1 ? null : count - 1);
            } finally {
                lock.unlock();
            }
        }
    }

    private record RangeCursor(Iterator<Map.Entry<Bytes, Versioned>> entries, long readVersion)
            implements Snapshot.Cursor {
        @Override
        public @Nullable KeyValue next() {
            while (entries.hasNext()) {
                Map.Entry<Bytes, Versioned> entry = entries.next();
                Bytes value = entry.getValue().at(readVersion);
                if (value != null) {
                    return new KeyValue(entry.getKey(), value);
                }
            }
            return null;
        }

        @Override
        public void close() {}
    }
}
