package dev.weft.storage;

import dev.weft.api.cluster.Filling;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How far our targets have got with filling their successors. Thread-safe. */
final class Fillings {
    /** By our target. */
    private final Map<Long, Filling> fillings = new ConcurrentHashMap<>();

    void begin(long target, long successor, long chunks, long bytes) {
        fillings.put(target, new Filling(successor, 0, chunks, 0, bytes));
    }

    void brought(long target, long bytes) {
        fillings.computeIfPresent(target, (_, filling) -> filling.plus(bytes));
    }

    void end(long target) {
        fillings.remove(target);
    }

    Optional<Filling> of(long target) {
        return Optional.ofNullable(fillings.get(target));
    }
}
