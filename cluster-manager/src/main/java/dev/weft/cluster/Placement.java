package dev.weft.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Forms chains of spare targets, each chain on different nodes, so that load is even now and stays even when a node
 * fails: any two nodes share about the same number of chains, so what one leaves is taken over by all others alike.
 *
 * <p>Greedy: each place of a chain goes to the node with the most targets left, among those to the one that shares the
 * fewest chains with the nodes already chosen. Deterministic.
 */
final class Placement {
    /** A target for a chain's place. */
    record Place(int nodeId, long targetId) {}

    private record Pair(int lower, int higher) {
        static Pair of(int a, int b) {
            return new Pair(Math.min(a, b), Math.max(a, b));
        }
    }

    private final int replicas;
    private final SortedMap<Integer, List<Long>> left = new TreeMap<>();
    private final Map<Pair, Integer> shared = new HashMap<>();
    private final Map<Integer, Integer> heads = new HashMap<>();

    private Placement(SortedMap<Integer, List<Long>> spare, int replicas) {
        this.replicas = replicas;
        spare.forEach((node, targets) ->
                left.put(node, new ArrayList<>(targets.stream().sorted().toList())));
    }

    /**
     * As many chains as the targets allow, head first.
     *
     * @param spare targets by node
     */
    static List<List<Place>> chains(SortedMap<Integer, List<Long>> spare, int replicas) {
        Placement placement = new Placement(spare, replicas);
        List<List<Place>> chains = new ArrayList<>();
        while (placement.left.size() >= replicas) {
            chains.add(placement.chain());
        }
        return chains;
    }

    private List<Place> chain() {
        List<Integer> nodes = new ArrayList<>();
        while (nodes.size() < replicas) {
            Comparator<Integer> mostLeft = Comparator.comparingInt(node -> -targetsLeft(node));
            nodes.add(left.keySet().stream()
                    .filter(node -> !nodes.contains(node))
                    .min(mostLeft.thenComparingInt(node -> sharedWith(node, nodes)))
                    .orElseThrow());
        }
        for (int i = 0; i < nodes.size(); i++) {
            for (int other : nodes.subList(0, i)) {
                shared.merge(Pair.of(nodes.get(i), other), 1, Integer::sum);
            }
        }
        // Writes enter at the head, so heads are spread as well.
        nodes.sort(Comparator.comparingInt(node -> heads.getOrDefault(node, 0)));
        heads.merge(nodes.getFirst(), 1, Integer::sum);
        return nodes.stream().map(this::take).toList();
    }

    private int targetsLeft(int node) {
        List<Long> targets = left.get(node);
        return targets == null ? 0 : targets.size();
    }

    private int sharedWith(int node, List<Integer> others) {
        return others.stream()
                .mapToInt(other -> shared.getOrDefault(Pair.of(node, other), 0))
                .sum();
    }

    private Place take(int node) {
        List<Long> targets = Objects.requireNonNull(left.get(node));
        long target = targets.removeFirst();
        if (targets.isEmpty()) {
            left.remove(node);
        }
        return new Place(node, target);
    }
}
