package dev.weft.rpc;

import dev.weft.rpc.Slab.Block;
import java.util.ArrayList;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The slabs whose blocks are of one size. Guarded by the pool's lock. */
final class SizeClass {
    private final BufferPool pool;
    private final long blockBytes;
    private final ArrayList<Slab> slabs = new ArrayList<>();

    /** Which slabs have a free block. The first is used first, so that the last become empty. */
    private final BitSet withRoom = new BitSet();

    /** Which slabs have no block in use. */
    private final BitSet empty = new BitSet();

    private long slabBytes;
    private int usedBlocks;

    SizeClass(BufferPool pool, long blockBytes) {
        this.pool = pool;
        this.blockBytes = blockBytes;
    }

    BufferPool pool() {
        return pool;
    }

    long blockBytes() {
        return blockBytes;
    }

    void add(Slab slab) {
        slab.index = slabs.size();
        slabs.add(slab);
        slabBytes += slab.memory().byteSize();
        mark(slab);
    }

    /** A free block, or null if there is none. */
    @Nullable
    Block take() {
        int index = withRoom.nextSetBit(0);
        if (index < 0) {
            return null;
        }
        Slab slab = slabs.get(index);
        Block block = slab.take();
        usedBlocks++;
        mark(slab);
        return block;
    }

    void giveBack(Block block) {
        block.slab().giveBack(block);
        usedBlocks--;
        mark(block.slab());
    }

    /** Bytes of the slabs that {@link #removeEmpty} can still remove. */
    long emptyBytes() {
        long bytes = 0;
        for (int i = empty.nextSetBit(0); i >= 0; i = empty.nextSetBit(i + 1)) {
            bytes += slabs.get(i).memory().byteSize();
        }
        return bytes;
    }

    /** Takes a slab without used blocks out of the class, or null if there is none. */
    @Nullable
    Slab removeEmpty() {
        int index = empty.length() - 1;
        if (index < 0) {
            return null;
        }
        Slab removed = slabs.get(index);
        Slab last = slabs.removeLast();
        withRoom.clear(last.index);
        empty.clear(last.index);
        if (last != removed) {
            slabs.set(index, last);
            last.index = index;
            mark(last);
        }
        slabBytes -= removed.memory().byteSize();
        return removed;
    }

    BufferPoolMetrics.OfSize metrics() {
        return new BufferPoolMetrics.OfSize(blockBytes, slabs.size(), usedBlocks, slabBytes / blockBytes - usedBlocks);
    }

    private void mark(Slab slab) {
        withRoom.set(slab.index, !slab.isFull());
        empty.set(slab.index, slab.isEmpty());
    }
}
