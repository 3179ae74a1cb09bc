package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Slab.Block;
import dev.weft.rpc.spi.MemoryRegistry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Native memory in power-of-two sizes for bulk data: what one-sided transfers read and write.
 *
 * <p>Memory is taken from the system in slabs, which transports hear of, so that a network card has to be told about a slab
 * once and not about each buffer. Small buffers share slabs; a large one has a slab of its own. Slabs are kept and used
 * again, up to the configured total; one of which nothing is in use makes room for another size.
 *
 * <p>Beyond the total, {@link #acquire(int)} fails at once and {@link #acquire(int, long)} waits. Those that wait are served
 * strictly in their order: while any do, nobody else is given a buffer. Thread-safe.
 */
public final class BufferPool implements AutoCloseable {
    /** What small blocks share. Large enough to make slabs few, and so cheap to look up and to register. */
    private static final long SLAB_BYTES_MAX = 1 << 20;

    /** A pool should consist of this many slabs at least, lest one small buffer hold much of it back from other sizes. */
    private static final int SLABS_MIN = 16;

    private static final int MIN_BUFFER_BITS = Integer.numberOfTrailingZeros(BufferPoolConfig.MIN_BUFFER_BYTES);

    private final BufferPoolConfig config;
    private final Environment environment;
    private final MemoryRegistry registry;

    /** Held while slabs are made and freed, in which listeners of the registry are called; taken before the other lock. */
    private final ReentrantLock slabLock = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();

    /** Class {@code i} is of blocks of {@code MIN_BUFFER_BYTES << i}; what is in them is guarded by the lock. */
    private final SizeClass[] classes;

    /** Threads that wait, in order. Only the first may take a buffer; it is unparked when there may be one. */
    @GuardedBy("lock")
    private final ArrayDeque<Thread> waiting = new ArrayDeque<>();

    /** Of all slabs, with those that are being made and without those that are being freed. */
    @GuardedBy("lock")
    private long slabBytes;

    @GuardedBy("lock")
    private long usedBytes;

    @GuardedBy("lock")
    private long usedBytesMax;

    @GuardedBy("lock")
    private long usedBuffers;

    @GuardedBy("lock")
    private long registeredBytes;

    @GuardedBy("lock")
    private long registeredBuffers;

    @GuardedBy("lock")
    private long waits;

    @GuardedBy("lock")
    private long refusals;

    @GuardedBy("lock")
    private boolean closed;

    public BufferPool(BufferPoolConfig config, Environment environment) {
        this.config = config;
        this.environment = environment;
        this.registry = new MemoryRegistry(environment.random());
        this.classes = new SizeClass[classIndex(config.maxBufferBytes()) + 1];
        Arrays.setAll(classes, i -> new SizeClass(this, (long) BufferPoolConfig.MIN_BUFFER_BYTES << i));
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
     * @throws RpcException RESOURCE_EXHAUSTED if the pool is used up or others wait for it
     */
    public Buffer acquire(int size) {
        SizeClass wanted = classFor(size);
        Block block = take(wanted, null);
        if (block == null) {
            throw refuse(wanted, "");
        }
        return new Buffer(registry, block, block.memory(), size);
    }

    /**
     * A buffer of exactly {@code size} bytes, for which the calling thread waits if need be, after those that wait already.
     *
     * @param deadlineNanos until when, in terms of {@link Clock#nanoTime} of the pool's environment; to heed the deadline of
     *     the work in hand, pass {@link Context#earlierDeadline}
     * @throws IllegalArgumentException if that is more than the largest buffer
     * @throws RpcException RESOURCE_EXHAUSTED if there was none by the deadline; CANCELLED if the thread is interrupted while
     *     it waits: the interrupt status is set again
     */
    public Buffer acquire(int size, long deadlineNanos) {
        SizeClass wanted = classFor(size);
        Block block = take(wanted, null);
        if (block == null) {
            block = await(wanted, deadlineNanos);
        }
        return new Buffer(registry, block, block.memory(), size);
    }

    /**
     * A buffer over memory of the user's own, to be granted and revoked as any other. It counts against no limit.
     *
     * <p>{@link Buffer#close} returns at once, when a transfer by a peer may still be about to end. The memory is free for
     * other use, and may be freed, when {@code onReleased} is called. So an arena for this purpose is closed by it:
     *
     * {@snippet :
     * Arena arena = Arena.ofShared();
     * Buffer table = pool.register(arena.allocate(1L << 30, 4096), arena::close);
     * }
     *
     * @param memory native, writable, and open to all threads until it is released
     * @param onReleased runs once, after the buffer is closed, when neither transfers nor transports use the memory any more:
     *     inside of {@link Buffer#close} if that is so by then, otherwise on a thread of its own
     * @throws IllegalArgumentException if the memory is empty or not of that kind
     */
    public Buffer register(MemorySegment memory, Runnable onReleased) {
        if (memory.byteSize() == 0 || !memory.isNative() || memory.isReadOnly()) {
            throw new IllegalArgumentException(memory + " is empty, read-only or not native memory");
        }
        if (!memory.isAccessibleBy(environment.threads().newThread(() -> {}))) {
            throw new IllegalArgumentException(memory + " belongs to one thread only");
        }
        lock.lock();
        try {
            requireOpen();
            registeredBytes += memory.byteSize();
            registeredBuffers++;
        } finally {
            lock.unlock();
        }
        registry.slabAdded(memory);
        return new Buffer(
                registry, new UserMemory(this, memory, environment.threads(), onReleased), memory, memory.byteSize());
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
            return usedBuffers;
        } finally {
            lock.unlock();
        }
    }

    /** What there is and has been. */
    public BufferPoolMetrics metrics() {
        lock.lock();
        try {
            return new BufferPoolMetrics(
                    slabBytes,
                    usedBytes,
                    usedBytesMax,
                    registeredBytes,
                    registeredBuffers,
                    waiting.size(),
                    waits,
                    refusals,
                    Arrays.stream(classes).map(SizeClass::metrics).toList());
        } finally {
            lock.unlock();
        }
    }

    /** Where slabs and grants are kept, for transports. */
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
        slabLock.lock();
        try {
            removeAllSlabs().forEach(this::free);
        } finally {
            slabLock.unlock();
        }
    }

    private List<Slab> removeAllSlabs() {
        lock.lock();
        try {
            long left = usedBuffers + registeredBuffers;
            if (left != 0) {
                throw new IllegalStateException(left + " buffers are still in use");
            }
            closed = true;
            return removeEmptySlabs(slabBytes);
        } finally {
            lock.unlock();
        }
    }

    // --- giving back

    void giveBack(Block block) {
        lock.lock();
        try {
            block.slab().sizeClass().giveBack(block);
            usedBytes -= block.memory().byteSize();
            usedBuffers--;
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    void forget(long releasedBytes) {
        lock.lock();
        try {
            registeredBytes -= releasedBytes;
            registeredBuffers--;
        } finally {
            lock.unlock();
        }
    }

    // --- waiting

    private Block await(SizeClass wanted, long deadlineNanos) {
        Thread self = Thread.currentThread();
        lock.lock();
        try {
            waiting.add(self);
            waits++;
        } finally {
            lock.unlock();
        }
        try {
            while (true) {
                Block block = take(wanted, self);
                if (block != null) {
                    return block;
                }
                if (self.isInterrupted()) {
                    throw new RpcException(StatusCode.CANCELLED, "interrupted while waiting for a buffer");
                }
                if (environment.clock().nanoTime() - deadlineNanos >= 0) {
                    throw refuse(wanted, " by the deadline");
                }
                environment.clock().parkUntil(this, deadlineNanos);
            }
        } finally {
            leave(self);
        }
    }

    private void leave(Thread waiter) {
        lock.lock();
        try {
            waiting.remove(waiter);
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void wakeFirst() {
        Thread first = waiting.peek();
        if (first != null) {
            LockSupport.unpark(first);
        }
    }

    private RpcException refuse(SizeClass wanted, String when) {
        lock.lock();
        try {
            refusals++;
            return new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "no buffer of " + wanted.blockBytes() + " bytes" + when + ": " + usedBytes
                            + " bytes are in use, in slabs of " + slabBytes + " of the pool's " + config.maxBytes()
                            + " bytes, and " + waiting.size() + " threads wait");
        } finally {
            lock.unlock();
        }
    }

    // --- taking

    /**
     * A block, or null if there is none now, or if another is to be served first.
     *
     * @param waiter the thread if it is one of those that wait
     */
    private @Nullable Block take(SizeClass wanted, @Nullable Thread waiter) {
        lock.lock();
        try {
            if (waiting.peek() != waiter) {
                return null;
            }
            Block block = takeFree(wanted);
            if (block != null) {
                return block;
            }
        } finally {
            lock.unlock();
        }
        slabLock.lock();
        try {
            return takeFromNewSlab(wanted, waiter);
        } finally {
            slabLock.unlock();
        }
    }

    @GuardedBy("lock")
    private @Nullable Block takeFree(SizeClass wanted) {
        requireOpen();
        Block block = wanted.take();
        if (block != null) {
            usedBuffers++;
            usedBytes += wanted.blockBytes();
            usedBytesMax = Math.max(usedBytesMax, usedBytes);
        }
        return block;
    }

    @GuardedBy("slabLock")
    private @Nullable Block takeFromNewSlab(SizeClass wanted, @Nullable Thread waiter) {
        List<Slab> removed;
        long bytes;
        lock.lock();
        try {
            // While we waited for the lock, another thread may have made a slab for us too.
            Block block = waiting.peek() == waiter ? takeFree(wanted) : null;
            if (block != null || waiting.peek() != waiter) {
                return block;
            }
            removed = makeRoom(wanted.blockBytes());
            bytes = newSlabBytes(wanted.blockBytes());
            slabBytes += bytes;
        } finally {
            lock.unlock();
        }
        removed.forEach(this::free);
        return bytes == 0 ? null : takeFrom(newSlab(wanted, bytes));
    }

    /** Slabs to be freed so that another of at least {@code blockBytes} fits; none if it cannot be made to fit. */
    @GuardedBy("lock")
    private List<Slab> makeRoom(long blockBytes) {
        long missing = blockBytes - (config.maxBytes() - slabBytes);
        if (missing <= 0
                || Arrays.stream(classes).mapToLong(SizeClass::emptyBytes).sum() < missing) {
            return List.of();
        }
        return removeEmptySlabs(missing);
    }

    /** How large a slab with such blocks may and should be now; 0 if there is not room for one block. */
    @GuardedBy("lock")
    private long newSlabBytes(long blockBytes) {
        long room = config.maxBytes() - slabBytes;
        long shared = Math.min(SLAB_BYTES_MAX, Long.highestOneBit(config.maxBytes() / SLABS_MIN));
        return Math.min(Math.max(blockBytes, shared), room / blockBytes * blockBytes);
    }

    private Slab newSlab(SizeClass wanted, long bytes) {
        try {
            Slab slab = new Slab(wanted, bytes);
            registry.slabAdded(slab.memory());
            return slab;
        } catch (OutOfMemoryError e) {
            lock.lock();
            try {
                slabBytes -= bytes;
            } finally {
                lock.unlock();
            }
            throw e;
        }
    }

    private @Nullable Block takeFrom(Slab added) {
        lock.lock();
        try {
            added.sizeClass().add(added);
            return takeFree(added.sizeClass());
        } finally {
            lock.unlock();
        }
    }

    /** Takes slabs without used blocks out of their classes, those of large blocks first, until they are of so many bytes. */
    @GuardedBy("lock")
    private List<Slab> removeEmptySlabs(long bytes) {
        List<Slab> removed = new ArrayList<>();
        long left = bytes;
        for (int i = classes.length - 1; i >= 0 && left > 0; ) {
            Slab slab = classes[i].removeEmpty();
            if (slab == null) {
                i--;
            } else {
                removed.add(slab);
                left -= slab.memory().byteSize();
                slabBytes -= slab.memory().byteSize();
            }
        }
        return removed;
    }

    private void free(Slab slab) {
        registry.slabFreed(slab.memory());
        slab.free();
    }

    @GuardedBy("lock")
    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the pool is closed");
        }
    }

    private SizeClass classFor(int size) {
        if (size < 0 || size > config.maxBufferBytes()) {
            throw new IllegalArgumentException("buffer of " + size + " bytes; the limit is " + config.maxBufferBytes());
        }
        return classes[classIndex(size)];
    }

    private static int classIndex(int size) {
        int ceiling = Math.max(size, BufferPoolConfig.MIN_BUFFER_BYTES);
        return 32 - Integer.numberOfLeadingZeros(ceiling - 1) - MIN_BUFFER_BITS;
    }
}
