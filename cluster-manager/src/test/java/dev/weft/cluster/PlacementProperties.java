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
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class PlacementProperties {
    private static final int REPLICAS = 3;

    @Property(tries = 100)
    void usesEachTargetOnceAndNoNodeTwiceInAChain(
            @ForAll @IntRange(min = 3, max = 12) int nodes, @ForAll @IntRange(min = 1, max = 12) int targets) {
        List<List<Placement.Place>> chains = chains(nodes, targets);
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

    @Property(tries = 60)
    void spreadsTheLoadOfAFailedNodeAndTheHeads(
            @ForAll @IntRange(min = 4, max = 12) int nodes, @ForAll @IntRange(min = 2, max = 12) int rounds) {
        // As many targets on each node as give whole chains.
        int targets = REPLICAS * rounds;
        List<List<Placement.Place>> chains = chains(nodes, targets);
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
                Math.abs(chainsShared - fairShare) <= 2,
                () -> "nodes " + node + " and " + other + " share " + chainsShared + ", fair is " + fairShare)));
        IntSummaryStatistics spread =
                heads.values().stream().mapToInt(Integer::intValue).summaryStatistics();
        assertTrue(spread.getMax() - spread.getMin() <= 1, () -> "heads: " + heads);
    }

    @Property(tries = 20)
    void isTheSameForTheSameTargets(@ForAll @IntRange(min = 3, max = 9) int nodes) {
        assertEquals(chains(nodes, 6), chains(nodes, 6));
    }

    @Property(tries = 20)
    void nodesThatAreAddedShareWithThoseThatAreThere(@ForAll @IntRange(min = 5, max = 9) int nodes) {
        List<List<Integer>> present = nodes(chains(nodes, 6));
        List<List<Integer>> all = new ArrayList<>(present);
        all.addAll(nodes(Placement.chains(present, spare(nodes + 2, 6), REPLICAS)));
        Balance balance = Balance.of(all);
        assertTrue(balance.most() - balance.least() <= 6, balance::toString);
    }

    @Property(tries = 20)
    void anUnevenNumberOfTargetsIsUsedUpAsFarAsChainsCanBeMade(
            @ForAll @Size(min = 3, max = 8) List<@IntRange(min = 0, max = 9) Integer> targets) {
        SortedMap<Integer, List<Long>> spare = new TreeMap<>();
        for (int i = 0; i < targets.size(); i++) {
            long node = i + 1L;
            spare.put(
                    i + 1,
                    LongStream.range(0, targets.get(i))
                            .map(t -> node * 1000 + t)
                            .boxed()
                            .toList());
        }
        List<List<Placement.Place>> chains = Placement.chains(List.of(), spare, REPLICAS);
        // A node can be in each chain once only.
        int count = 0;
        while (usable(targets, count + 1) >= (count + 1) * REPLICAS) {
            count++;
        }
        assertEquals(count, chains.size());
        chains.forEach(chain -> assertEquals(
                REPLICAS, chain.stream().map(Placement.Place::nodeId).distinct().count()));
    }

    @Property(tries = 50)
    void worksForAnyNumberOfReplicasAndNodes(
            @ForAll @IntRange(min = 1, max = 5) int nodes,
            @ForAll @IntRange(min = 1, max = 5) int replicas,
            @ForAll @IntRange(min = 0, max = 4) int targets) {
        List<List<Placement.Place>> chains = Placement.chains(List.of(), spare(nodes, targets), replicas);
        assertEquals(nodes < replicas ? 0 : nodes * targets / replicas, chains.size());
    }

    private static int usable(List<Integer> targets, int chains) {
        return targets.stream().mapToInt(count -> Math.min(count, chains)).sum();
    }

    private static List<List<Placement.Place>> chains(int nodes, int targets) {
        return Placement.chains(List.of(), spare(nodes, targets), REPLICAS);
    }

    static List<List<Integer>> nodes(List<List<Placement.Place>> chains) {
        return chains.stream()
                .map(chain -> chain.stream().map(Placement.Place::nodeId).toList())
                .toList();
    }

    static SortedMap<Integer, List<Long>> spare(int nodes, int targets) {
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
