package dev.weft.rpc;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Hands out slot numbers, lowest and last used first, so that a connection touches as few as it has calls in flight.
 *
 * <p>A Treiber stack of free slots whose head carries a counter against ABA. Thread-safe, lock-free.
 */
final class SlotAllocator {
    static final int NONE = -1;
    private static final int CHUNK_SLOTS = 1024;

    private final int limit;

    /** Slots below it have been handed out at least once. */
    private final AtomicInteger highWater = new AtomicInteger();

    /** Counter of changes in the upper half, the free slot on top plus one in the lower; zero there means none. */
    private final AtomicLong head = new AtomicLong();

    /** The slot below on the stack plus one, for each free slot. Chunks are made by whoever hands out their first slot. */
    private final AtomicReferenceArray<AtomicIntegerArray> next;

    SlotAllocator(int limit) {
        this.limit = limit;
        this.next = new AtomicReferenceArray<>((limit + CHUNK_SLOTS - 1) / CHUNK_SLOTS);
    }

    /** A free slot, or {@link #NONE} if all are taken. */
    int take() {
        while (true) {
            long h = head.get();
            int top = (int) h;
            if (top == 0) {
                int fresh = takeFresh();
                if (fresh != NONE || (int) head.get() == 0) {
                    return fresh;
                }
                continue;
            }
            int below = nextOf(top - 1).get((top - 1) % CHUNK_SLOTS);
            if (head.compareAndSet(h, changed(h, below))) {
                return top - 1;
            }
        }
    }

    void release(int slot) {
        AtomicIntegerArray links = nextOf(slot);
        while (true) {
            long h = head.get();
            links.set(slot % CHUNK_SLOTS, (int) h);
            if (head.compareAndSet(h, changed(h, slot + 1))) {
                return;
            }
        }
    }

    private int takeFresh() {
        int slot = highWater.getAndUpdate(n -> n < limit ? n + 1 : n);
        return slot < limit ? slot : NONE;
    }

    private AtomicIntegerArray nextOf(int slot) {
        int chunk = slot / CHUNK_SLOTS;
        AtomicIntegerArray links = next.get(chunk);
        if (links == null) {
            AtomicIntegerArray made = new AtomicIntegerArray(CHUNK_SLOTS);
            links = next.compareAndExchange(chunk, null, made);
            if (links == null) {
                links = made;
            }
        }
        return links;
    }

    private static long changed(long head, int top) {
        return ((head >>> 32) + 1) << 32 | top;
    }
}
