package dev.weft.kv;

import dev.weft.rpc.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Decides on commits and writes them, as many as wait with one synced write.
 *
 * <p>One platform thread does it all, since the write blocks its thread in native code; callers on virtual threads queue
 * their commit and park. While one group is being written the next one gathers.
 */
final class GroupCommitter implements Commit.Committer, AutoCloseable {
    /** Bounds the delay that a large group is for its first member. */
    private static final int GROUP_BYTES_MAX = 16 << 20;

    /** A commit that waits for its result. */
    private static final class Pending {
        final Commit commit;
        final Thread waiter = Thread.currentThread();

        /** Written once, by the committer's thread. */
        volatile @Nullable CommitResult result;

        Pending(Commit commit) {
            this.commit = commit;
        }

        void finish(CommitResult outcome) {
            result = outcome;
            LockSupport.unpark(waiter);
        }
    }

    /** A member of a group with the version it gets if the group can be written. */
    private record Accepted(Pending pending, long version, Bytes versionstamp) {}

    private static final System.Logger LOG = System.getLogger(GroupCommitter.class.getName());

    private final RocksDbFiles files;
    private final StoreLimits limits;
    private final Clock clock;
    private final Thread thread;
    private final BlockingQueue<Pending> queue;
    private final Pending stop = new Pending(new Commit(0, List.of(), new WriteSet(), 0));

    /** Offers hold the read side, so that nothing is queued behind {@link #stop}. */
    private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();

    private boolean closed;

    /** Why no commit succeeds any more. */
    private volatile @Nullable Exception failure;

    /** Used by the committer's thread only, as is {@code version}. */
    private final ConflictWindow window;

    private long version;

    GroupCommitter(RocksDbFiles files, StoreLimits limits, Clock clock) {
        this.files = files;
        this.limits = limits;
        this.clock = clock;
        this.version = files.newestVersion();
        this.window = new ConflictWindow(version, limits.windowBytesMax(), limits.windowAge());
        // One place more, for the stop signal.
        this.queue = new ArrayBlockingQueue<>(limits.pendingCommitsMax() + 1);
        this.thread = Thread.ofPlatform().name("weft-kv-commit").unstarted(this::commitGroups);
    }

    void start() {
        thread.start();
    }

    @Override
    public CommitResult commit(Commit commit) throws InterruptedException {
        Pending pending = new Pending(commit);
        if (!offer(pending)) {
            return new CommitResult.Refused(limits.pendingCommitsMax());
        }
        CommitResult result = pending.result;
        while (result == null) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a commit was under way");
            }
            LockSupport.park(this);
            result = pending.result;
        }
        return result;
    }

    private boolean offer(Pending pending) {
        closing.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the store is closed");
            }
            if (failure != null) {
                throw new IllegalStateException("the store cannot write since an earlier failure", failure);
            }
            return queue.size() < limits.pendingCommitsMax() && queue.offer(pending);
        } finally {
            closing.readLock().unlock();
        }
    }

    /** Finishes what is queued, then ends the thread. */
    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            // Others may have filled the last place while they raced past the size check; the thread makes room.
            while (!queue.offer(stop)) {
                Thread.onSpinWait();
            }
        } finally {
            closing.writeLock().unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void commitGroups() {
        List<Pending> group = new ArrayList<>();
        boolean stopping = false;
        while (!stopping) {
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                // Nobody interrupts this thread: it ends by the stop signal.
                throw new AssertionError(e);
            }
            long bytes = group.getFirst().commit.bytes();
            while (bytes < GROUP_BYTES_MAX) {
                Pending more = queue.poll();
                if (more == null) {
                    break;
                }
                group.add(more);
                bytes += more.commit.bytes();
            }
            stopping = group.remove(stop);
            commitGroup(group);
            group.clear();
        }
    }

    private void commitGroup(List<Pending> group) {
        Exception earlier = failure;
        if (earlier != null) {
            group.forEach(pending -> pending.finish(new CommitResult.MaybeCommitted(earlier)));
            return;
        }
        List<Accepted> accepted = new ArrayList<>(group.size());
        try (WriteBatch batch = new WriteBatch()) {
            for (Pending pending : group) {
                switch (window.check(pending.commit.readVersion(), pending.commit.reads())) {
                    case FREE -> accepted.add(accept(pending, batch));
                    case READ_CHANGED -> pending.finish(new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED));
                    case TOO_OLD -> pending.finish(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD));
                }
            }
            if (!accepted.isEmpty()) {
                files.write(batch, version);
                accepted.forEach(member ->
                        member.pending().finish(new CommitResult.Committed(member.version(), member.versionstamp())));
            }
        } catch (RocksDBException | RuntimeException e) {
            // RocksDB takes no more writes after a failed one either, and a bug here must not lose commits quietly.
            failure = e;
            LOG.log(System.Logger.Level.ERROR, "key-value store cannot write; no commit will succeed any more", e);
            group.stream()
                    .filter(pending -> pending.result == null)
                    .forEach(pending -> pending.finish(new CommitResult.MaybeCommitted(e)));
        }
    }

    private Accepted accept(Pending pending, WriteBatch batch) {
        version++;
        Bytes stamp = Versionstamp.of(version);
        WriteSet writes = pending.commit.writes();
        writes.writeTo(stamp, new BatchSink(batch));
        window.record(version, writes, stamp, clock.nanoTime());
        return new Accepted(pending, version, stamp);
    }

    private final class BatchSink implements WriteSet.Sink {
        private final WriteBatch batch;

        BatchSink(WriteBatch batch) {
            this.batch = batch;
        }

        @Override
        public void clear(KeyRange range) {
            try {
                batch.deleteRange(files.data, range.begin().array(), range.end().array());
            } catch (RocksDBException e) {
                throw new IllegalStateException("cannot add to a write batch in memory", e);
            }
        }

        @Override
        public void write(Bytes key, Mutation mutation) {
            try {
                switch (mutation) {
                    case Mutation.Put(Bytes value) -> batch.put(files.data, key.array(), value.array());
                    case Mutation.Remove() -> batch.delete(files.data, key.array());
                    case Mutation.Add(long delta) ->
                        batch.merge(
                                files.data, key.array(), Counter.encode(delta).array());
                }
            } catch (RocksDBException e) {
                throw new IllegalStateException("cannot add to a write batch in memory", e);
            }
        }
    }
}
