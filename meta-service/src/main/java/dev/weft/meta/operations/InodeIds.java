package dev.weft.meta.operations;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValueStore;
import dev.weft.meta.schema.Keys;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out inode ids, each once in the life of the file system. They come from the store in blocks; what is left of a
 * block when the server stops is never used. Thread-safe.
 */
public final class InodeIds {
    private final KeyValueStore store;
    private final int blockSize;

    /** Guards the two below, and is held while a block is fetched. */
    private final ReentrantLock lock = new ReentrantLock();

    private long next;
    private long end;

    public InodeIds(KeyValueStore store, int blockSize) {
        this.store = store;
        this.blockSize = blockSize;
    }

    /** An id that nothing has had. */
    public long next() throws InterruptedException {
        lock.lock();
        try {
            if (next == end) {
                long block = store.run(tx -> {
                    // Block 0 is left out: it has the root and room for other inodes that every file system has.
                    long taken =
                            1 + tx.get(Keys.INODE_BLOCKS).map(v -> v.longAt(0)).orElse(0L);
                    tx.put(Keys.INODE_BLOCKS, Bytes.ofLong(taken));
                    return taken;
                });
                next = Math.multiplyExact(block, (long) blockSize);
                end = next + blockSize;
            }
            return next++;
        } finally {
            lock.unlock();
        }
    }
}
