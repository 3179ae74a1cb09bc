package dev.weft.simulation;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often what was exercised; for one thread at a time. */
public final class Coverage {
    private final SortedMap<String, Long> counts = new TreeMap<>();

    public void count(String what) {
        add(what, 1);
    }

    public void add(String what, long times) {
        if (times != 0) {
            counts.merge(what, times, Long::sum);
        }
    }

    public void addAll(Map<String, Long> others) {
        others.forEach(this::add);
    }

    public SortedMap<String, Long> counts() {
        return counts;
    }

    /** How much of what begins so. */
    public long total(String prefix) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
