package dev.weft.cli.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Everything that was written, and every wrong that was seen. Thread-safe. */
final class Ledger {
    /** More are counted only. */
    private static final int KEPT_MAX = 100;

    final Things<TrackedChunk> chunks = new Things<>();
    final Things<TrackedFile> files = new Things<>();
    private final List<String> wrongs = new CopyOnWriteArrayList<>();
    private final AtomicLong count = new AtomicLong();

    /** Told at once of each wrong. */
    private final Consumer<String> alarm;

    Ledger(Consumer<String> alarm) {
        this.alarm = alarm;
    }

    void wrong(String what) {
        if (count.incrementAndGet() <= KEPT_MAX) {
            wrongs.add(what);
        }
        alarm.accept(what);
    }

    long wrongs() {
        return count.get();
    }

    /** The first ones. */
    List<String> firstWrongs() {
        return List.copyOf(wrongs);
    }

    /** Things that may be read. */
    static final class Things<T> {
        private final List<T> all = new CopyOnWriteArrayList<>();

        void add(T thing) {
            all.add(thing);
        }

        void remove(T thing) {
            all.remove(thing);
        }

        Optional<T> any(RandomGenerator random) {
            List<T> now = all();
            return now.isEmpty() ? Optional.empty() : Optional.of(now.get(random.nextInt(now.size())));
        }

        List<T> all() {
            return new ArrayList<>(all);
        }
    }
}
