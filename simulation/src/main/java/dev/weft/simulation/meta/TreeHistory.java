package dev.weft.simulation.meta;

import dev.weft.simulation.Linearizability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients asked and were answered, in the order in which it happened. For one simulation. */
final class TreeHistory {
    /** One operation. */
    static final class Entry implements Linearizability.Timed {
        /** Place among all operations, from 1. */
        final int number;

        final TreeOperation operation;
        private final int called;
        private final String client;
        private final Duration from;
        private int returned = Integer.MAX_VALUE;

        /** Null while, or if for ever, the outcome is not known. */
        TreeOperation.@Nullable Answer answer;

        private Entry(int number, TreeOperation operation, int called, String client, Duration from) {
            this.number = number;
            this.operation = operation;
            this.called = called;
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
            return operation.isRead();
        }

        @Override
        public String toString() {
            return number + ". at " + from + " " + client + ": " + operation + " -> "
                    + (answer == null ? "unknown" : answer);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private int events;

    Entry call(TreeOperation operation, String client, Duration now) {
        Entry entry = new Entry(entries.size() + 1, operation, events++, client, now);
        entries.add(entry);
        return entry;
    }

    void answered(Entry entry, TreeOperation.Answer answer) {
        entry.returned = events++;
        entry.answer = answer;
    }

    List<Entry> entries() {
        return entries;
    }
}
