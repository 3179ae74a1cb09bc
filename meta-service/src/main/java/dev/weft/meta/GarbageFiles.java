package dev.weft.meta;

import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.TaskScope;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

/**
 * Removes the chunks of removed files, several at a time, and then the inodes of those that have none left, in one
 * transaction. A large file takes several turns, of which each goes on where the one before ended, whoever did it.
 */
final class GarbageFiles {
    private static final System.Logger LOG = System.getLogger(GarbageFiles.class.getName());

    /** Chunks removed on one chain before others have their turn. */
    private static final int CHUNKS = 1024;

    /** Files whose chunks are being removed. */
    private static final int AT_ONCE = 64;

    private final Environment environment;
    private final KeyValueStore store;
    private final ChunkStore chunks;
    private final Counters counters;
    private final LongConsumer putOff;
    private final Semaphore places = new Semaphore(AT_ONCE);

    /** @param putOff hears of inodes that storage could not remove now */
    GarbageFiles(
            Environment environment, KeyValueStore store, ChunkStore chunks, Counters counters, LongConsumer putOff) {
        this.environment = environment;
        this.store = store;
        this.chunks = chunks;
        this.counters = counters;
        this.putOff = putOff;
    }

    /** A file that nobody has open; without a layout there are no chunks. */
    private record Closed(Garbage garbage, Optional<Layout> layout) {}

    /** Whether anything could be done. */
    boolean collect(List<Garbage> batch) throws InterruptedException {
        Queue<Garbage> empty = new ConcurrentLinkedQueue<>();
        Queue<Garbage> begun = new ConcurrentLinkedQueue<>();
        try (TaskScope scope = TaskScope.open(environment)) {
            for (Closed file : closed(batch)) {
                scope.fork(() -> {
                    removeChunks(file, begun, empty);
                    return file;
                });
            }
            scope.join();
        }
        if (!empty.isEmpty()) {
            removeInodes(empty);
        }
        return !empty.isEmpty() || !begun.isEmpty();
    }

    private List<Closed> closed(List<Garbage> batch) throws InterruptedException {
        List<Garbage> named = new ArrayList<>();
        List<Closed> closed = new ArrayList<>();
        try (Transaction tx = store.begin()) {
            Namespace namespace = new Namespace(tx);
            for (Garbage garbage : batch) {
                Optional<StoredInode> inode = namespace.inode(garbage.inodeId());
                if (inode.isPresent() && inode.get().links() > 0) {
                    // A check found that it has a name after all.
                    named.add(garbage);
                    continue;
                }
                if (inode.isEmpty() || !namespace.isOpen(garbage.inodeId())) {
                    closed.add(new Closed(garbage, inode.flatMap(GarbageFiles::layout)));
                }
            }
        }
        if (!named.isEmpty()) {
            store.run(tx -> {
                named.forEach(garbage -> tx.remove(garbage.key()));
                return named;
            });
        }
        return closed;
    }

    private static Optional<Layout> layout(StoredInode inode) {
        return inode.content() instanceof StoredContent.File file ? Optional.of(file.layout()) : Optional.empty();
    }

    private void removeChunks(Closed file, Queue<Garbage> begun, Queue<Garbage> empty) throws InterruptedException {
        long inodeId = file.garbage().inodeId();
        places.acquire();
        try {
            boolean all = file.layout().isEmpty()
                    || chunks.remove(inodeId, file.layout().get(), CHUNKS);
            (all ? empty : begun).add(file.garbage());
        } catch (MetaException | RpcException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("interrupted while removing inode " + inodeId);
            }
            LOG.log(Level.DEBUG, "cannot remove inode " + inodeId + " yet", e);
            counters.collectionsPutOff.increment();
            putOff.accept(inodeId);
        } finally {
            places.release();
        }
    }

    /** No name leads to any of these and ids never come back, so it does no harm if another server has done it. */
    private void removeInodes(Queue<Garbage> empty) throws InterruptedException {
        store.run(tx -> {
            Namespace namespace = new Namespace(tx);
            for (Garbage garbage : empty) {
                namespace.removeInode(garbage.inodeId());
                namespace.removeSessions(garbage.inodeId());
                tx.remove(garbage.key());
            }
            return empty;
        });
        counters.filesCollected.add(empty.size());
    }
}
