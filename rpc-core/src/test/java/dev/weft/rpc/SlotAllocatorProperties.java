package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class SlotAllocatorProperties {
    /** Steps of 0 and more take a slot; others give back the one that they point at. */
    @Property(tries = 300)
    void noSlotIsOutTwiceAndAllComeBack(
            @ForAll @IntRange(min = 1, max = 40) int limit,
            @ForAll @Size(max = 300) List<@IntRange(min = -50, max = 60) Integer> steps) {
        SlotAllocator slots = new SlotAllocator(limit);
        TreeSet<Integer> out = new TreeSet<>();
        for (int step : steps) {
            if (step >= 0) {
                int slot = slots.take();
                assertEquals(out.size() == limit, slot == SlotAllocator.NONE, "refused only when all are out");
                if (slot != SlotAllocator.NONE) {
                    assertTrue(slot >= 0 && slot < limit, "slot " + slot);
                    assertTrue(out.add(slot), "slot " + slot + " was handed out twice");
                }
            } else if (!out.isEmpty()) {
                int slot = new ArrayList<>(out).get(-step % out.size());
                out.remove(slot);
                slots.release(slot);
            }
        }
        out.forEach(slots::release);
        TreeSet<Integer> all = new TreeSet<>();
        for (int slot = slots.take(); slot != SlotAllocator.NONE; slot = slots.take()) {
            all.add(slot);
        }
        assertEquals(limit, all.size());
        assertEquals(limit - 1, all.last());
    }
}
