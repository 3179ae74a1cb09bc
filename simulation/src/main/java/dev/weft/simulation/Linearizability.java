package dev.weft.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a history could have come from a single thing that does one operation at a time, each between its call and its
 * answer. An operation whose outcome is not known may happen at any time after its call, or never.
 *
 * <p>The search is that of J. Wing and C. Gong (Testing and verifying concurrent objects, 1993) with the memory of G. Lowe
 * (Testing for linearizability, 2017): a set of operations done, and the state then, is looked at once only. Those
 * whose outcome is known are tried first: an answer says much of the state, so that a wrong turn ends soon.
 *
 * @param <E> operations with their answers
 * @param <S> what the thing is at a time
 */
public final class Linearizability<E extends Linearizability.Timed, S extends Linearizability.State<E, S>> {
    /** More than any sensible history takes. */
    private static final int STEPS_MAX = 400_000;

    /** An operation, and when it was called and answered. */
    public interface Timed {
        /** Place of its call among all calls and answers. */
        int called();

        /** Place of its answer; the greatest number if there was none. */
        int returned();

        boolean isKnown();

        /** Whether it changes nothing in any state. */
        boolean isRead();
    }

    /** What the thing is at a time; does not change. */
    public interface State<E, S> {
        /** The state after an operation; null if that cannot have been answered so, or if it need not be tried. */
        @Nullable
        S after(E operation);

        /** Differs between states that differ, but very rarely. */
        long fingerprint();

        /** False if {@code next} will not fit, whichever of {@code candidates} are done before it. */
        default boolean canComeTo(E next, List<E> candidates) {
            return true;
        }
    }

    public enum Verdict {
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
    public record Result<E, S>(Verdict verdict, @Nullable Obstacle<E, S> obstacle) {}

    /** Where the longest attempt ended. */
    public record Obstacle<E, S>(E entry, S state) {}

    private static final Comparator<Timed> LIKELY_FIRST =
            Comparator.comparing((Timed entry) -> !entry.isKnown()).thenComparingInt(Timed::called);

    /** In the order of their calls. */
    private final List<E> operations;

    private final BitSet done = new BitSet();

    /** Of what is done: the exclusive or of a number of each operation's own. */
    private long doneFingerprint;

    /** What was looked at: fingerprints of what is done and the state then. Two that clash are very unlikely. */
    private final Set<Long> seen = new HashSet<>();

    private int steps;
    private int longest = -1;
    private @Nullable Obstacle<E, S> obstacle;

    private Linearizability(List<E> history) {
        operations = history.stream()
                .filter(entry -> entry.isKnown() || !entry.isRead())
                .sorted(Comparator.comparingInt(Timed::called))
                .toList();
    }

    public static <E extends Timed, S extends State<E, S>> Result<E, S> check(S begin, List<E> history) {
        Linearizability<E, S> search = new Linearizability<>(history);
        if (search.canGoOn(begin)) {
            return new Result<>(Verdict.LINEARIZABLE, null);
        }
        return new Result<>(search.steps > STEPS_MAX ? Verdict.UNDECIDED : Verdict.NOT_LINEARIZABLE, search.obstacle);
    }

    /** Whether what is not done yet can be, from this state on. */
    private boolean canGoOn(S state) {
        @Nullable E next = nextToReturn();
        if (next == null) {
            return true;
        }
        List<E> candidates = calledBefore(next.returned());
        if (!state.canComeTo(next, candidates)) {
            return false;
        }
        for (E candidate : candidates) {
            if (++steps > STEPS_MAX) {
                return false;
            }
            S after = state.after(candidate);
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
            obstacle = new Obstacle<>(next, state);
        }
        return false;
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
    private @Nullable E nextToReturn() {
        @Nullable E first = null;
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            E entry = operations.get(i);
            if (entry.isKnown() && (first == null || entry.returned() < first.returned())) {
                first = entry;
            }
        }
        return first;
    }

    private List<E> calledBefore(int event) {
        List<E> candidates = new ArrayList<>();
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            if (operations.get(i).called() < event) {
                candidates.add(operations.get(i));
            }
        }
        candidates.sort(LIKELY_FIRST);
        return candidates;
    }
}
