package dev.weft.storage;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each {@link Event} has come about. Thread-safe. */
final class Counters {
    private final Map<Event, LongAdder> counts = new EnumMap<>(Event.class);

    Counters() {
        for (Event event : Event.values()) {
            counts.put(event, new LongAdder());
        }
    }

    void count(Event event) {
        requireNonNull(counts.get(event)).increment();
    }

    void add(Event event, long count) {
        requireNonNull(counts.get(event)).add(count);
    }

    /** By names as {@code storage.forward-retried}. */
    SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> snapshot = new TreeMap<>();
        counts.forEach((event, count) ->
                snapshot.put("storage." + event.name().toLowerCase(Locale.ROOT).replace('_', '-'), count.sum()));
        return snapshot;
    }
}
