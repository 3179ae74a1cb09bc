package dev.weft.rpc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory that is taken from the system, and given back, as one; cut into blocks of one size. */
final class Slab {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final SizeClass sizeClass;

    /** The free blocks are the first {@link #freeCount}. Guarded by the pool's lock, as is the rest. */
    private final Block[] free;

    private int freeCount;

    /** Place among the slabs of the size class, which sets it. */
    int index;

    /** @param bytes a multiple of the size of the class's blocks */
    @SuppressWarnings("MustBeClosedChecker") // see free
    Slab(SizeClass sizeClass, long bytes) {
        this.sizeClass = sizeClass;
        try {
            memory = arena.allocate(bytes, BufferPoolConfig.MIN_BUFFER_BYTES);
        } catch (OutOfMemoryError | RuntimeException e) {
            arena.close();
            throw e;
        }
        long blockBytes = sizeClass.blockBytes();
        free = new Block[(int) (bytes / blockBytes)];
        for (int i = 0; i < free.length; i++) {
            // The last is taken first: the lowest address.
            free[i] = new Block(this, memory.asSlice((free.length - 1 - i) * blockBytes, blockBytes));
        }
        freeCount = free.length;
    }

    MemorySegment memory() {
        return memory;
    }

    SizeClass sizeClass() {
        return sizeClass;
    }

    boolean isFull() {
        return freeCount == 0;
    }

    boolean isEmpty() {
        return freeCount == free.length;
    }

    Block take() {
        return free[--freeCount];
    }

    void giveBack(Block block) {
        free[freeCount++] = block;
    }

    /** Gives the memory back to the system. */
    void free() {
        arena.close();
    }

    /** What one buffer has; made once, with its slab. */
    record Block(Slab slab, MemorySegment memory) implements Lender {
        @Override
        public void takeBack(boolean onOwnersThread) {
            slab.sizeClass().pool().giveBack(this);
        }
    }
}
