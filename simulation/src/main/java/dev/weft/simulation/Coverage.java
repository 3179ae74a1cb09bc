package dev.weft.simulation;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often what was exercised; for one thread at a time. */
final class Coverage {
    private final SortedMap<String, Long> counts = new TreeMap<>();

    void count(String what) {
        add(what, 1);
    }

    void add(String what, long times) {
        if (times != 0) {
            counts.merge(what, times, Long::sum);
        }
    }

    void addAll(Map<String, Long> others) {
        others.forEach(this::add);
    }

    SortedMap<String, Long> counts() {
        return counts;
    }

    /** How much of what begins so. */
    long total(String prefix) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
