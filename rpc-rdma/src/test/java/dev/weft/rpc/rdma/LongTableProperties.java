package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The table does what a {@link HashMap} does. */
final class LongTableProperties {
    /** Few, so that they come again, and near each other and far apart, so that they collide. */
    private static final int KEYS = 48;

    @Property
    void isAMap(@ForAll @Size(max = 300) List<@IntRange(max = 959) Integer> steps) {
        LongTable<Object> table = new LongTable<>();
        Map<Long, Object> model = new HashMap<>();
        for (int step : steps) {
            long key = key(step % KEYS);
            Object present = model.get(key);
            switch (step / KEYS) {
                case 0 -> {
                    table.clear();
                    model.clear();
                }
                case 1, 2 -> table.remove(key, new Object()); // another one has the key, or none has
                default -> {
                    if (present == null) {
                        Object added = "object " + step;
                        table.put(key, added);
                        model.put(key, added);
                    } else {
                        table.remove(key, present);
                        model.remove(key);
                    }
                }
            }
            assertSameContent(model, table);
        }
    }

    private static long key(int number) {
        return number % 3 == 0 ? Long.MIN_VALUE + number : number % 3 == 1 ? number : (long) number << 40;
    }

    private static void assertSameContent(Map<Long, Object> model, LongTable<Object> table) {
        assertEquals(model.size(), table.size());
        for (int i = 0; i < KEYS; i++) {
            assertSame(model.get(key(i)), table.get(key(i)));
        }
        Set<Object> all = new HashSet<>();
        table.forEach(all::add);
        assertEquals(new HashSet<>(model.values()), all);
        for (Object value : model.values()) {
            assertSame(value, table.any(value::equals));
        }
    }
}
