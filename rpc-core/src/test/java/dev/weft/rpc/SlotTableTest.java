package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SlotTableTest {
    private final SlotTable<String> table = new SlotTable<>(1000);

    @Test
    void slotHoldsOneValueUntilThatValueIsRemoved() {
        assertTrue(table.put(7, "a"));
        assertFalse(table.put(7, "b"));
        assertEquals("a", table.get(7));
        assertFalse(table.remove(7, "b"));
        assertTrue(table.remove(7, "a"));
        assertNull(table.get(7));
        assertTrue(table.put(7, "b"));
    }

    @Test
    void growsToTheSlotThatIsPut() {
        assertNull(table.get(999), "an empty table has nothing anywhere");
        assertTrue(table.put(999, "last"));
        assertTrue(table.put(0, "first"));
        assertEquals("last", table.get(999));
        List<String> all = new ArrayList<>();
        table.forEach(all::add);
        assertEquals(List.of("first", "last"), all);
    }

    @Test
    void slotsOutsideOfTheLimitAreRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> table.put(1000, "x"));
        assertThrows(IndexOutOfBoundsException.class, () -> table.put(-1, "x"));
        assertNull(table.get(-1));
        assertNull(table.get(Integer.MAX_VALUE));
    }

    @Test
    void nothingIsLostWhileOthersMakeItGrow() throws InterruptedException {
        SlotTable<Integer> shared = new SlotTable<>(1 << 17);
        try (TaskScope scope = TaskScope.open(Environment.system())) {
            for (int t = 0; t < 4; t++) {
                int first = t;
                scope.fork(() -> {
                    for (int slot = first; slot < 1 << 17; slot += 4) {
                        if (!shared.put(slot, slot)) {
                            throw new IllegalStateException("slot " + slot + " is taken");
                        }
                    }
                    return true;
                });
            }
            scope.join();
        }
        for (int slot = 0; slot < 1 << 17; slot++) {
            assertEquals(slot, shared.get(slot));
        }
    }
}
