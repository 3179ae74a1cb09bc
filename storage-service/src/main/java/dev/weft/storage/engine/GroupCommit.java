package dev.weft.storage.engine;

import dev.weft.storage.engine.DiskIndex.IndexChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the index for all threads of the engine, in groups: while one group is forced to the disk, the next collects.
 *
 * <p>The one thread of this class is the only one that writes the index. Once a force or a write failed nothing more is
 * accepted: what the disk then holds is not known.
 */
final class GroupCommit implements AutoCloseable {
    private final DiskIndex index;
    private final Extents extents;
    private final Thread thread;

    /** One entry at most for each calling thread, so the server's limit on updates in progress bounds it. */
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();

    private final ReentrantLock order = new ReentrantLock();

    /** Written by the commit thread only. */
    private volatile @Nullable IOException failure;

    private volatile boolean closing;

    GroupCommit(DiskIndex index, Extents extents, ThreadFactory threads) {
        this.index = index;
        this.extents = extents;
        this.thread = threads.newThread(this::run);
        thread.start();
    }

    /** Forces {@code data}, then makes the changes durable; returns when that is done. */
    void writeDurably(List<IndexChange> changes, @Nullable DiskFile data) throws IOException {
        submit(new Entry(changes, true, data, Thread.currentThread()));
    }

    /** Makes the changes so that they survive the process; returns when that is done. */
    void write(List<IndexChange> changes) throws IOException {
        submit(new Entry(changes, false, null, Thread.currentThread()));
    }

    /** As {@link #write}, of changes that are made one after the other, and written in the order in which they were made. */
    void writeInOrder(Supplier<List<IndexChange>> changes) throws IOException {
        Entry entry;
        order.lock();
        try {
            entry = new Entry(changes.get(), false, null, Thread.currentThread());
            queue.add(entry);
        } finally {
            order.unlock();
        }
        await(entry);
    }

    private void submit(Entry entry) throws IOException {
        queue.add(entry);
        await(entry);
    }

    private void await(Entry entry) throws IOException {
        boolean interrupted = false;
        while (!entry.done) {
            LockSupport.park(this);
            // An interrupt must not make this a spin loop, nor let the caller go while its memory is in use.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        IOException failed = entry.failure;
        if (failed != null) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    private void run() {
        List<Entry> group = new ArrayList<>();
        try {
            while (!closing) {
                group.add(queue.take());
                queue.drainTo(group);
                commit(group.stream().filter(entry -> !entry.durable).toList(), false);
                commit(group.stream().filter(entry -> entry.durable).toList(), true);
                group.clear();
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread, and then nobody waits.
            Thread.currentThread().interrupt();
        }
    }

    private void commit(List<Entry> group, boolean durable) {
        if (group.isEmpty()) {
            return;
        }
        IOException failed = failure;
        if (failed == null) {
            try {
                writeGroup(group, durable);
            } catch (IOException e) {
                failed = e;
                failure = e;
            }
        }
        for (Entry entry : group) {
            entry.failure = failed;
            entry.done = true;
            LockSupport.unpark(entry.waiter);
        }
    }

    private void writeGroup(List<Entry> group, boolean durable) throws IOException {
        Set<DiskFile> files = new LinkedHashSet<>();
        List<IndexChange> changes = new ArrayList<>();
        for (Entry entry : group) {
            if (entry.data != null) {
                files.add(entry.data);
            }
            changes.addAll(entry.changes);
        }
        for (DiskFile file : files) {
            file.force();
        }
        List<Extent> reusable = durable ? extents.takeGivenBack() : List.of();
        reusable.forEach(extent -> changes.addAll(BlockChecksums.removal(extent)));
        index.write(changes, durable);
        extents.reuse(reusable);
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
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

    private static final class Entry {
        final List<IndexChange> changes;
        final boolean durable;
        final @Nullable DiskFile data;
        final Thread waiter;

        /** Written before {@link #done}. */
        @Nullable
        IOException failure;

        volatile boolean done;

        Entry(List<IndexChange> changes, boolean durable, @Nullable DiskFile data, Thread waiter) {
            this.changes = changes;
            this.durable = durable;
            this.data = data;
            this.waiter = waiter;
        }
    }
}
