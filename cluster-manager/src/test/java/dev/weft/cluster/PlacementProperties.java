package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class PlacementProperties {
    private static final int REPLICAS = 3;

    @Property
    void usesEachTargetOnceAndNoNodeTwiceInAChain(
            @ForAll @IntRange(min = 3, max = 12) int nodes, @ForAll @IntRange(min = 1, max = 12) int targets) {
        List<List<Placement.Place>> chains = Placement.chains(spare(nodes, targets), REPLICAS);
        assertEquals(nodes * targets / REPLICAS, chains.size());
        Set<Long> used = new HashSet<>();
        for (List<Placement.Place> chain : chains) {
            assertEquals(
                    REPLICAS,
                    chain.stream().map(Placement.Place::nodeId).distinct().count());
            chain.forEach(place -> assertTrue(used.add(place.targetId()), "used twice: " + place));
            chain.forEach(place -> assertEquals(place.nodeId(), place.targetId() / 1000));
        }
    }

    @Property
    void spreadsTheLoadOfAFailedNodeAndTheHeads(
            @ForAll @IntRange(min = 4, max = 12) int nodes, @ForAll @IntRange(min = 2, max = 12) int rounds) {
        // As many targets on each node as give whole chains.
        int targets = REPLICAS * rounds;
        List<List<Placement.Place>> chains = Placement.chains(spare(nodes, targets), REPLICAS);
        Map<Integer, Integer> heads = new HashMap<>();
        Map<Integer, Map<Integer, Integer>> shared = new HashMap<>();
        for (List<Placement.Place> chain : chains) {
            heads.merge(chain.getFirst().nodeId(), 1, Integer::sum);
            for (Placement.Place a : chain) {
                for (Placement.Place b : chain) {
                    if (a.nodeId() != b.nodeId()) {
                        shared.computeIfAbsent(a.nodeId(), n -> new HashMap<>()).merge(b.nodeId(), 1, Integer::sum);
                    }
                }
            }
        }
        double fairShare = (double) targets * (REPLICAS - 1) / (nodes - 1);
        shared.forEach((node, others) -> others.forEach((other, chainsShared) -> assertTrue(
                chainsShared <= fairShare + 3,
                () -> "nodes " + node + " and " + other + " share " + chainsShared + ", fair is " + fairShare)));
        IntSummaryStatistics spread =
                heads.values().stream().mapToInt(Integer::intValue).summaryStatistics();
        assertTrue(spread.getMax() - spread.getMin() <= 2, () -> "heads: " + heads);
    }

    @Property
    void isTheSameForTheSameTargets(@ForAll @IntRange(min = 3, max = 9) int nodes) {
        assertEquals(Placement.chains(spare(nodes, 6), REPLICAS), Placement.chains(spare(nodes, 6), REPLICAS));
    }

    private static SortedMap<Integer, List<Long>> spare(int nodes, int targets) {
        SortedMap<Integer, List<Long>> spare = new TreeMap<>();
        for (int node = 1; node <= nodes; node++) {
            List<Long> ids = new ArrayList<>();
            for (int i = 0; i < targets; i++) {
                ids.add(node * 1000L + i);
            }
            spare.put(node, ids);
        }
        return spare;
    }
}
