package dev.weft.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a chunk's history could have come from a single chunk that does one operation at a time, each between its call
 * and its answer. An operation whose outcome is not known may happen at any time after its call, or never.
 *
 * <p>The search is that of J. Wing and C. Gong (Testing and verifying concurrent objects, 1993) with the memory of G. Lowe
 * (Testing for linearizability, 2017): a set of operations done, and what the chunk then is, is looked at once only. Those
 * whose outcome is known are tried first: an answer has a version and a checksum of all bytes, so that a wrong turn ends soon.
 */
final class Linearizability {
    /** More than any sensible history takes. */
    private static final int STEPS_MAX = 400_000;

    enum Verdict {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        /** The search was given up. */
        UNDECIDED
    }

    /**
     * What came of it.
     *
     * @param obstacle the operation whose answer does not fit what came before, if the history is not linearizable
     */
    record Result(Verdict verdict, @Nullable Obstacle obstacle) {}

    /** Where the longest attempt ended. */
    record Obstacle(History.Entry entry, ChunkModel state) {}

    private static final Comparator<History.Entry> LIKELY_FIRST =
            Comparator.comparing((History.Entry entry) -> !entry.isKnown()).thenComparingInt(entry -> entry.called);

    /** In the order of their calls. */
    private final List<History.Entry> operations;

    private final BitSet done = new BitSet();

    /** Of what is done: the exclusive or of a number of each operation's own. */
    private long doneFingerprint;

    /** What was looked at: fingerprints of what is done and what the chunk then is. Two that clash are very unlikely. */
    private final Set<Long> seen = new HashSet<>();

    private int steps;
    private int longest = -1;
    private @Nullable Obstacle obstacle;

    private Linearizability(List<History.Entry> history) {
        operations = history.stream()
                .filter(entry -> entry.isKnown() || !(entry.operation instanceof Operation.Read))
                .sorted(Comparator.comparingInt(entry -> entry.called))
                .toList();
    }

    static Result check(List<History.Entry> history) {
        Linearizability search = new Linearizability(history);
        if (search.canGoOn(ChunkModel.ABSENT)) {
            return new Result(Verdict.LINEARIZABLE, null);
        }
        return new Result(search.steps > STEPS_MAX ? Verdict.UNDECIDED : Verdict.NOT_LINEARIZABLE, search.obstacle);
    }

    /** Whether what is not done yet can be, from this state on. */
    private boolean canGoOn(ChunkModel state) {
        History.@Nullable Entry next = nextToReturn();
        if (next == null) {
            return true;
        }
        List<History.Entry> candidates = calledBefore(next.returned);
        if (changesNeeded(state, next, candidates) > changes(candidates, next)) {
            return false;
        }
        for (History.Entry candidate : candidates) {
            if (++steps > STEPS_MAX) {
                return false;
            }
            ChunkModel after = state.after(candidate.operation, candidate.answer);
            if (after == null) {
                continue;
            }
            int index = operations.indexOf(candidate);
            flip(index);
            if (seen.add(mix(doneFingerprint + mix(after.fingerprint()))) && canGoOn(after)) {
                return true;
            }
            flip(index);
        }
        if (done.cardinality() > longest) {
            longest = done.cardinality();
            obstacle = new Obstacle(next, state);
        }
        return false;
    }

    /** How many changes have to happen before {@code next} at the least, as its answer names a version. */
    private static long changesNeeded(ChunkModel state, History.Entry next, List<History.Entry> candidates) {
        long before = ChunkModel.versionBefore(next.answer);
        if (before < 0) {
            return 0;
        }
        if (before < state.version()) {
            return Long.MAX_VALUE;
        }
        // Versions grow by one, but for those of a chunk that is created.
        boolean mayJump =
                !state.isExact() || candidates.stream().anyMatch(each -> each.operation instanceof Operation.Remove);
        return mayJump ? 0 : before - state.version();
    }

    private static long changes(List<History.Entry> candidates, History.Entry next) {
        return candidates.stream()
                .filter(each -> each != next && !(each.operation instanceof Operation.Read))
                .count();
    }

    private void flip(int index) {
        done.flip(index);
        doneFingerprint ^= mix(index + 1);
    }

    /** Spreads numbers over all numbers, one to one. */
    private static long mix(long number) {
        long mixed = (number ^ number >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    /** Of what is not done, and was answered, what was answered first. */
    private History.@Nullable Entry nextToReturn() {
        History.@Nullable Entry first = null;
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            History.Entry entry = operations.get(i);
            if (entry.isKnown() && (first == null || entry.returned < first.returned)) {
                first = entry;
            }
        }
        return first;
    }

    private List<History.Entry> calledBefore(int event) {
        List<History.Entry> candidates = new ArrayList<>();
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            if (operations.get(i).called < event) {
                candidates.add(operations.get(i));
            }
        }
        candidates.sort(LIKELY_FIRST);
        return candidates;
    }
}
