package dev.weft.simulation;

import dev.weft.api.storage.ChunkId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What clients asked and were answered, chunk by chunk, in the order in which it happened. For one simulation. */
final class History {
    /** One operation. */
    static final class Entry implements Linearizability.Timed {
        /** Place of its beginning among all beginnings and ends. */
        final int called;

        final Operation operation;
        final String client;
        final Duration from;

        /** Place of its end; the greatest number while, or if for ever, the outcome is not known. */
        int returned = Integer.MAX_VALUE;

        Operation.@Nullable Answer answer;

        @Nullable
        Duration to;

        private Entry(int called, Operation operation, String client, Duration from) {
            this.called = called;
            this.operation = operation;
            this.client = client;
            this.from = from;
        }

        @Override
        public int called() {
            return called;
        }

        @Override
        public int returned() {
            return returned;
        }

        @Override
        public boolean isKnown() {
            return answer != null;
        }

        @Override
        public boolean isRead() {
            return operation instanceof Operation.Read;
        }

        @Override
        public String toString() {
            return from + " to " + (isKnown() ? to : "?") + " " + client + ": " + operation + " -> "
                    + (isKnown() ? answer : "unknown");
        }
    }

    private final Map<ChunkId, List<Entry>> entries = new TreeMap<>();
    private int events;
    private int operations;
    private int unknown;

    Entry call(ChunkId chunk, Operation operation, String client, Duration now) {
        Entry entry = new Entry(events++, operation, client, now);
        entries.computeIfAbsent(chunk, _ -> new ArrayList<>()).add(entry);
        operations++;
        unknown++;
        return entry;
    }

    void answered(Entry entry, Operation.Answer answer, Duration now) {
        entry.returned = events++;
        entry.answer = answer;
        entry.to = now;
        unknown--;
    }

    Map<ChunkId, List<Entry>> byChunk() {
        return entries;
    }

    int operations() {
        return operations;
    }

    /** Operations whose outcome nobody was told. */
    int unknown() {
        return unknown;
    }
}
