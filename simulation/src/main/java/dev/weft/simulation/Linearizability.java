package dev.weft.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a chunk's history could have come from a single chunk that does one operation at a time, each between its call
 * and its answer. An operation whose outcome is not known may happen at any time after its call, or never.
 *
 * <p>The search is that of J. Wing and C. Gong (Testing and verifying concurrent objects, 1993) with the memory of G. Lowe
 * (Testing for linearizability, 2017): a set of operations done, and what the chunk then is, is looked at once only.
 */
final class Linearizability {
    /** More than any sensible history takes. */
    private static final int STEPS_MAX = 3_000_000;

    enum Verdict {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        /** The search was given up. */
        UNDECIDED
    }

    /** A call or a return, in a doubly linked list in order of time. */
    private static final class Event {
        final int index;
        final History.@Nullable Entry entry;

        /** Of a call whose return is known. */
        @Nullable
        Event match;

        final boolean call;

        @Nullable
        Event next;

        @Nullable
        Event previous;

        Event(int index, History.@Nullable Entry entry, boolean call) {
            this.index = index;
            this.entry = entry;
            this.call = call;
        }
    }

    private record Timed(int at, Event event) {}

    private record Step(Event call, ChunkModel before) {}

    private record Seen(BitSet done, ChunkModel state) {}

    /**
     * What came of it.
     *
     * @param obstacle the operation whose answer does not fit what came before, if the history is not linearizable
     */
    record Result(Verdict verdict, @Nullable Obstacle obstacle) {}

    /** Where the longest attempt ended. */
    record Obstacle(History.Entry entry, ChunkModel state) {}

    private final Event head = new Event(-1, null, false);

    private Linearizability(List<History.Entry> history) {
        List<Timed> events = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            History.Entry entry = history.get(i);
            if (!entry.isKnown() && entry.operation instanceof Operation.Read) {
                continue;
            }
            Event call = new Event(i, entry, true);
            events.add(new Timed(entry.called, call));
            if (entry.isKnown()) {
                call.match = new Event(i, entry, false);
                events.add(new Timed(entry.returned, call.match));
            }
        }
        events.sort(Comparator.comparingInt(Timed::at));
        Event last = head;
        for (Timed timed : events) {
            last.next = timed.event;
            timed.event.previous = last;
            last = timed.event;
        }
    }

    static Result check(List<History.Entry> history) {
        return new Linearizability(history).search();
    }

    private Result search() {
        @Nullable Obstacle obstacle = null;
        int longest = -1;
        ChunkModel state = ChunkModel.ABSENT;
        BitSet done = new BitSet();
        Deque<Step> steps = new ArrayDeque<>();
        Set<Seen> seen = new HashSet<>();
        Event event = head.next;
        for (int n = 0; n < STEPS_MAX; n++) {
            if (event == null) {
                // Nothing that was answered is left.
                return new Result(Verdict.LINEARIZABLE, null);
            }
            History.Entry entry = event.entry;
            if (event.call && entry != null) {
                ChunkModel next = state.after(entry.operation, entry.answer);
                if (next != null && isNew(seen, done, event, next)) {
                    done.set(event.index);
                    steps.push(new Step(event, state));
                    state = next;
                    lift(event);
                    event = head.next;
                } else {
                    event = event.next;
                }
                continue;
            }
            if (steps.size() > longest && entry != null) {
                longest = steps.size();
                obstacle = new Obstacle(entry, state);
            }
            Step last = steps.poll();
            if (last == null) {
                return new Result(Verdict.NOT_LINEARIZABLE, obstacle);
            }
            state = last.before;
            done.clear(last.call.index);
            putBack(last.call);
            event = last.call.next;
        }
        return new Result(Verdict.UNDECIDED, null);
    }

    private static boolean isNew(Set<Seen> seen, BitSet done, Event event, ChunkModel next) {
        BitSet with = (BitSet) done.clone();
        with.set(event.index);
        return seen.add(new Seen(with, next));
    }

    private static void lift(Event call) {
        unlink(call);
        if (call.match != null) {
            unlink(call.match);
        }
    }

    private static void putBack(Event call) {
        if (call.match != null) {
            link(call.match);
        }
        link(call);
    }

    private static void unlink(Event event) {
        if (event.previous != null) {
            event.previous.next = event.next;
        }
        if (event.next != null) {
            event.next.previous = event.previous;
        }
    }

    private static void link(Event event) {
        if (event.previous != null) {
            event.previous.next = event;
        }
        if (event.next != null) {
            event.next.previous = event;
        }
    }
}
