package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

final class SlotAllocatorTest {
    @Test
    void lastUsedSlotComesFirst() {
        SlotAllocator slots = new SlotAllocator(10);
        assertEquals(0, slots.take());
        assertEquals(1, slots.take());
        assertEquals(2, slots.take());
        slots.release(0);
        slots.release(1);
        assertEquals(1, slots.take());
        assertEquals(0, slots.take());
        assertEquals(3, slots.take());
    }

    @Test
    void noSlotIsOutTwiceUnderContention() throws InterruptedException {
        int limit = 3000; // several chunks, and fewer than are wanted at times
        int[] held = {1, 2, 3, 1700, 1900}; // by each thread; those that hold few meet at the top of the stack most
        SlotAllocator slots = new SlotAllocator(limit);
        AtomicIntegerArray holders = new AtomicIntegerArray(limit);
        AtomicInteger wrong = new AtomicInteger();
        try (TaskScope scope = TaskScope.open(Environment.system())) {
            for (int most : held) {
                scope.fork(() -> {
                    int[] mine = new int[most];
                    for (int round = 0; round < 300_000 / most; round++) {
                        int count = 0;
                        while (count < most) {
                            int slot = slots.take();
                            if (slot == SlotAllocator.NONE) {
                                break;
                            }
                            if (holders.incrementAndGet(slot) != 1) {
                                wrong.incrementAndGet();
                            }
                            mine[count++] = slot;
                            if (count % 64 == 0) {
                                Thread.onSpinWait();
                            }
                        }
                        while (count > 0) {
                            int slot = mine[--count];
                            holders.decrementAndGet(slot);
                            slots.release(slot);
                        }
                    }
                    return true;
                });
            }
            scope.join();
        }
        assertEquals(0, wrong.get());
        int free = 0;
        while (slots.take() != SlotAllocator.NONE) {
            free++;
        }
        assertEquals(limit, free);
    }
}
