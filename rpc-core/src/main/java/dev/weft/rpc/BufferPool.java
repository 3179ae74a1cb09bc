package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.spi.MemoryRegistry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Native memory in power-of-two sizes for bulk data: what one-sided transfers read and write.
 *
 * <p>Blocks are made when first needed, kept and used again, up to the configured total. Beyond it {@link #acquire}
 * throws RESOURCE_EXHAUSTED at once. Thread-safe.
 */
public final class BufferPool implements AutoCloseable {
    private final BufferPoolConfig config;
    private final MemoryRegistry registry;
    private final ReentrantLock lock = new ReentrantLock();

    /** Free blocks by size class: block {@code i} is of {@code MIN_BUFFER_BYTES << i}. */
    @GuardedBy("lock")
    private final ArrayDeque<Block>[] free;

    /** Bytes of all blocks made, free or not. */
    @GuardedBy("lock")
    private long madeBytes;

    @GuardedBy("lock")
    private long usedBytes;

    @GuardedBy("lock")
    private long usedBlocks;

    @GuardedBy("lock")
    private boolean closed;

    public BufferPool(BufferPoolConfig config, Environment environment) {
        this.config = config;
        this.registry = new MemoryRegistry(environment.random());
        int classes = sizeClass(config.maxBufferBytes()) + 1;
        @SuppressWarnings({"unchecked", "rawtypes"}) // generic array creation
        ArrayDeque<Block>[] queues = new ArrayDeque[classes];
        for (int i = 0; i < classes; i++) {
            queues[i] = new ArrayDeque<>();
        }
        this.free = queues;
    }

    /** The pool that clients and servers of this process use unless they are given another one. */
    public static BufferPool shared() {
        return Shared.POOL;
    }

    private static final class Shared {
        static final BufferPool POOL = new BufferPool(BufferPoolConfig.defaults(), Environment.system());
    }

    /**
     * A buffer of exactly {@code size} bytes.
     *
     * @throws IllegalArgumentException if that is more than the largest buffer
     * @throws RpcException RESOURCE_EXHAUSTED if the pool is used up
     */
    public Buffer acquire(int size) {
        if (size < 0 || size > config.maxBufferBytes()) {
            throw new IllegalArgumentException("buffer of " + size + " bytes; the limit is " + config.maxBufferBytes());
        }
        return new Buffer(this, takeBlock(sizeClass(size)), size);
    }

    /** Bytes of the blocks that are in use now. */
    public long usedBytes() {
        lock.lock();
        try {
            return usedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Buffers that are in use now. */
    public long usedBuffers() {
        lock.lock();
        try {
            return usedBlocks;
        } finally {
            lock.unlock();
        }
    }

    /** Where grants are kept, for transports. */
    public MemoryRegistry registry() {
        return registry;
    }

    /**
     * Frees all memory.
     *
     * @throws IllegalStateException if a buffer is still in use; nothing is freed then
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (usedBlocks != 0) {
                throw new IllegalStateException(usedBlocks + " buffers are still in use");
            }
            freeUntil(0);
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    void giveBack(Block block) {
        lock.lock();
        try {
            free[sizeClass((int) block.bytes())].push(block);
            usedBytes -= block.bytes();
            usedBlocks--;
        } finally {
            lock.unlock();
        }
    }

    private Block takeBlock(int sizeClass) {
        long blockBytes = (long) BufferPoolConfig.MIN_BUFFER_BYTES << sizeClass;
        lock.lock();
        try {
            Block block = free[sizeClass].poll();
            if (block == null) {
                block = makeBlock(blockBytes);
            }
            usedBytes += blockBytes;
            usedBlocks++;
            return block;
        } finally {
            lock.unlock();
        }
    }

    /** A new block; when the total is reached, free blocks of other sizes make room for it. */
    @GuardedBy("lock")
    @SuppressWarnings("MustBeClosedChecker") // the block is closed when it is freed
    private Block makeBlock(long blockBytes) {
        if (closed) {
            throw new IllegalStateException("the pool is closed");
        }
        if (usedBytes + blockBytes > config.maxBytes()) {
            throw new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "no buffer of " + blockBytes + " bytes: " + usedBytes + " bytes of the pool's " + config.maxBytes()
                            + " are in use");
        }
        freeUntil(config.maxBytes() - blockBytes);
        Arena arena = Arena.ofShared();
        Block made = new Block(arena, arena.allocate(blockBytes, BufferPoolConfig.MIN_BUFFER_BYTES));
        madeBytes += blockBytes;
        return made;
    }

    /** Frees blocks that are not in use, large ones first, until no more than {@code bytes} are made. */
    @GuardedBy("lock")
    private void freeUntil(long bytes) {
        for (int sizeClass = free.length - 1; sizeClass >= 0; sizeClass--) {
            while (madeBytes > bytes && !free[sizeClass].isEmpty()) {
                Block freed = free[sizeClass].pop();
                madeBytes -= freed.bytes();
                freed.arena().close();
            }
        }
    }

    /** Memory that is made and freed as one. */
    record Block(Arena arena, MemorySegment memory) {
        long bytes() {
            return memory.byteSize();
        }
    }

    private static int sizeClass(int size) {
        int ceiling = Math.max(size, BufferPoolConfig.MIN_BUFFER_BYTES);
        return 32 - Integer.numberOfLeadingZeros(ceiling - 1) - 12;
    }
}
