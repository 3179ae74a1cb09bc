package dev.weft.meta;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What a metadata server has done in the background, and what there is left to do. Thread-safe. */
final class Counters {
    final LongAdder filesCollected = new LongAdder();
    final LongAdder directoriesCollected = new LongAdder();

    /** How often something was left in the queue because storage could not be reached. */
    final LongAdder collectionsPutOff = new LongAdder();

    final LongAdder sessionsEnded = new LongAdder();

    /** Entries of the garbage queue that are this server's, when they were counted last, a few seconds ago. */
    volatile long garbage;

    /** By names as {@code meta.files-collected}; they may be added up over servers. */
    SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> snapshot = new TreeMap<>();
        snapshot.put("meta.files-collected", filesCollected.sum());
        snapshot.put("meta.directories-collected", directoriesCollected.sum());
        snapshot.put("meta.collections-put-off", collectionsPutOff.sum());
        snapshot.put("meta.sessions-ended", sessionsEnded.sum());
        snapshot.put("meta.garbage", garbage);
        return snapshot;
    }
}
