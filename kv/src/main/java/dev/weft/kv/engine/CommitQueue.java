package dev.weft.kv.engine;

import dev.weft.kv.CommitResult;
import dev.weft.kv.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where commits gather while the ones before them are on their way: callers queue theirs and park, one platform thread takes
 * as many as wait and hands them on as a group. Platform, since what it hands them to may block in native code.
 *
 * <p>Thread-safe. Every member of a group has to be {@link Pending#finish finished} in the end, by whichever thread.
 */
public final class CommitQueue implements Commit.Committer, AutoCloseable {
    /** A commit that waits for its result. */
    public static final class Pending {
        private final Commit commit;
        private final Thread waiter = Thread.currentThread();
        private volatile @Nullable CommitResult result;

        private Pending(Commit commit) {
            this.commit = commit;
        }

        public Commit commit() {
            return commit;
        }

        public boolean isFinished() {
            return result != null;
        }

        /** Says what became of it; once. */
        public void finish(CommitResult outcome) {
            result = outcome;
            LockSupport.unpark(waiter);
        }
    }

    private final Consumer<List<Pending>> groups;
    private final int groupBytesMax;
    private final int pendingMax;
    private final Thread thread;
    private final BlockingQueue<Pending> queue;
    private final Pending stop = new Pending(new Commit(0, List.of(), new WriteSet(), 0));

    /** Offers hold the read side, so that nothing is queued behind {@link #stop}. */
    private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();

    private boolean closed;

    /** Why no commit succeeds any more. */
    private volatile @Nullable Exception failure;

    /**
     * @param groups takes each group, on the thread of this queue; must not throw
     * @param groupBytesMax after which no more commits join a group: bounds the delay that it is for its first member
     */
    public CommitQueue(String threadName, StoreLimits limits, int groupBytesMax, Consumer<List<Pending>> groups) {
        this.groups = groups;
        this.groupBytesMax = groupBytesMax;
        this.pendingMax = limits.pendingCommitsMax();
        // One place more, for the stop signal.
        this.queue = new ArrayBlockingQueue<>(pendingMax + 1);
        this.thread = Thread.ofPlatform().name(threadName).unstarted(this::takeGroups);
    }

    public void start() {
        thread.start();
    }

    /** Refuses all further commits, since nothing is sure after {@code cause}. */
    public void fail(Exception cause) {
        failure = cause;
    }

    public @Nullable Exception failure() {
        return failure;
    }

    @Override
    public CommitResult commit(Commit commit) throws InterruptedException {
        Pending pending = new Pending(commit);
        if (!offer(pending)) {
            return new CommitResult.Refused(pendingMax);
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
            return queue.size() < pendingMax && queue.offer(pending);
        } finally {
            closing.readLock().unlock();
        }
    }

    private void takeGroups() {
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
            while (bytes < groupBytesMax) {
                Pending more = queue.peek();
                if (more == null || bytes + more.commit.bytes() > groupBytesMax) {
                    break;
                }
                group.add(queue.remove());
                bytes += more.commit.bytes();
            }
            stopping = group.remove(stop);
            if (!group.isEmpty()) {
                groups.accept(List.copyOf(group));
            }
            group.clear();
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
}
