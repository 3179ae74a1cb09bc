package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.PublicState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at every step from one cluster map to the next, whatever it comes from. */
final class ChainSteps {
    /** By chain: the targets that have all that was acknowledged. */
    private final Map<Integer, Set<Long>> complete = new HashMap<>();

    void check(ClusterMap before, ClusterMap after) {
        assertEquals(before.version() + (before.equals(after) ? 0 : 1), after.version(), "versions grow by one");
        assertTrue(after.chains().keySet().containsAll(before.chains().keySet()), "a chain is gone");
        after.chains().forEach((id, chain) -> check(before.chains().get(id), chain));
    }

    /** An operator says of a chain of which nobody serves that a target has to do, whatever it lacks. */
    void takenForComplete(int chain, long target) {
        complete.put(chain, Set.of(target));
    }

    private void check(@Nullable Chain before, Chain after) {
        Set<Long> serving = in(after, PublicState.SERVING);
        Set<Long> had = complete.getOrDefault(after.chainId(), serving);
        if (before != null) {
            boolean same = before.targets().equals(after.targets());
            assertEquals(before.version() + (same ? 0 : 1), after.version(), () -> before + " -> " + after);
            Set<Long> filled = in(before, PublicState.SYNCING);
            serving.forEach(target -> assertTrue(
                    had.contains(target) || filled.contains(target),
                    () -> target + " serves without the data: " + before + " -> " + after));
        }
        List<PublicState> order =
                after.targets().stream().map(ChainTarget::state).toList();
        assertEquals(order.stream().sorted().toList(), order, () -> "order of " + after);
        Set<Long> last = in(after, PublicState.LASTSRV);
        Set<Long> syncing = in(after, PublicState.SYNCING);
        assertTrue(syncing.size() <= 1, () -> "more than one is filled: " + after);
        assertTrue(serving.isEmpty() || last.isEmpty(), () -> "waits although one serves: " + after);
        assertTrue(syncing.isEmpty() || !serving.isEmpty(), () -> "nobody fills: " + after);
        Set<Long> next = serving.isEmpty() ? new HashSet<>(had) : serving;
        Set<Long> kept = new HashSet<>(serving);
        kept.addAll(last);
        kept.retainAll(next);
        assertTrue(!kept.isEmpty(), () -> "nobody has the data: " + before + " -> " + after);
        complete.put(after.chainId(), next);
    }

    private static Set<Long> in(Chain chain, PublicState state) {
        return chain.targets().stream()
                .filter(target -> target.state() == state)
                .map(ChainTarget::targetId)
                .collect(Collectors.toSet());
    }
}
