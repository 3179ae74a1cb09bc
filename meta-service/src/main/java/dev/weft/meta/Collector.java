package dev.weft.meta;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaException;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.RequestLog;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredGarbage;
import dev.weft.meta.schema.StoredGarbageCodec;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.Trash;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.TaskScope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Works through the garbage queue: a file's chunks go, then its inode; a directory's entries become garbage themselves,
 * a page at a time, then its inode goes. Several servers may collect from one queue; what one has done the other finds
 * done. Also forgets old requests, and removes what has been in the trash for long enough.
 *
 * <p>What cannot be removed now, because storage does not answer or someone writes to it still, stays in the queue.
 */
final class Collector implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Collector.class.getName());

    /** Entries of the queue looked at together, and entries of a directory moved by one transaction. */
    private static final int PAGE = 128;

    /** Files removed at a time: one whose chain has no head now must not hold up the others. */
    private static final int AT_ONCE = 16;

    private final MetaConfig config;
    private final Environment environment;
    private final KeyValueStore store;
    private final ChunkStore chunks;
    private final Thread thread;
    private volatile boolean closed;

    Collector(MetaConfig config, Environment environment, KeyValueStore store, ChunkStore chunks) {
        this.config = config;
        this.environment = environment;
        this.store = store;
        this.chunks = chunks;
        this.thread = environment.threads().newThread(this::collectUntilClosed);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void collectUntilClosed() {
        try {
            while (!closed) {
                boolean progress = false;
                try {
                    Trash.expire(store, environment.clock().instant());
                    progress = collectOnce();
                    RequestLog.expire(store, environment.clock().instant(), config.requestAge(), config.requestsMax());
                } catch (RuntimeException e) {
                    if (closed) {
                        return;
                    }
                    LOG.log(System.Logger.Level.WARNING, "collection of removed files failed; will try again", e);
                }
                if (!progress) {
                    environment.clock().sleep(config.collectInterval());
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread, and it ends here.
            Thread.currentThread().interrupt();
        }
    }

    /** Goes through the queue once; whether anything could be done. */
    boolean collectOnce() throws InterruptedException {
        boolean progress = false;
        KeyRange rest = KeyRange.prefix(Keys.GARBAGE);
        while (!rest.isEmpty()) {
            List<KeyValue> page = page(rest);
            progress |= collect(page);
            rest = page.size() < PAGE
                    ? new KeyRange(rest.end(), rest.end())
                    : rest.after(page.getLast().key());
        }
        return progress;
    }

    private List<KeyValue> page(KeyRange range) {
        try (Transaction tx = store.begin()) {
            return tx.snapshotRange(range, PAGE);
        }
    }

    private boolean collect(List<KeyValue> page) throws InterruptedException {
        AtomicBoolean progress = new AtomicBoolean();
        Semaphore places = new Semaphore(AT_ONCE);
        try (TaskScope scope = TaskScope.open(environment)) {
            for (KeyValue entry : page) {
                places.acquire();
                scope.fork(() -> {
                    try {
                        if (collect(entry.key(), Records.decode(StoredGarbageCodec.CODEC, entry.value()))) {
                            progress.set(true);
                        }
                        return progress;
                    } finally {
                        places.release();
                    }
                });
            }
            scope.join();
        }
        return progress.get();
    }

    private boolean collect(Bytes queueKey, StoredGarbage garbage) throws InterruptedException {
        try {
            return garbage.type() == FileType.DIRECTORY
                    ? collectDirectory(queueKey, garbage.inodeId())
                    : collectFile(queueKey, garbage.inodeId());
        } catch (MetaException | RpcException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("interrupted while removing inode " + garbage.inodeId());
            }
            LOG.log(System.Logger.Level.DEBUG, "cannot remove inode " + garbage.inodeId() + " yet", e);
            return false;
        }
    }

    private boolean collectDirectory(Bytes queueKey, long inodeId) throws InterruptedException {
        return store.run(tx -> {
            Namespace namespace = new Namespace(tx);
            Optional<StoredInode> inode = namespace.inode(inodeId);
            if (tx.get(queueKey).isEmpty() || inode.isEmpty()) {
                return false;
            }
            List<Namespace.Named> children = namespace.entries(inodeId, "", PAGE);
            for (Namespace.Named child : children) {
                namespace.removeEntry(inodeId, child.name());
                StoredInode removed = namespace.inodeOf(child.entry());
                namespace.release(child.entry(), removed, environment.clock().instant());
            }
            boolean gone = children.size() < PAGE && namespace.removeDirectory(inodeId, inode.get());
            if (gone) {
                tx.remove(queueKey);
            }
            return gone || !children.isEmpty();
        });
    }

    private boolean collectFile(Bytes queueKey, long inodeId) throws MetaException, InterruptedException {
        Instant since = environment.clock().instant().minus(config.sessionAge());
        Optional<StoredInode> inode;
        try (Transaction tx = store.begin()) {
            Namespace namespace = new Namespace(tx);
            if (namespace.isOpenSince(inodeId, since, PAGE)) {
                return false;
            }
            inode = namespace.inode(inodeId);
        }
        if (inode.isPresent() && inode.get().content() instanceof StoredContent.File file) {
            chunks.remove(inodeId, file.layout());
        }
        return store.run(tx -> {
            Namespace namespace = new Namespace(tx);
            namespace.removeInode(inodeId);
            namespace.removeSessions(inodeId);
            tx.remove(queueKey);
            return true;
        });
    }
}
