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
 * <p>A design in which all pairs share exactly as many is a balanced incomplete block design; it exists for few numbers
 * only. What comes nearest makes the sum of the squares of the shared numbers smallest (John and Mitchell, Optimal
 * incomplete block designs, Journal of the Royal Statistical Society B 39, 1977). First each place of a chain goes to the
 * node with the most targets left, among those to the one that shares the fewest chains with the nodes already chosen;
 * then {@link PairBalance} exchanges nodes between chains. Deterministic.
 */
final class Placement {
    /** A target for a chain's place. */
    record Place(int nodeId, long targetId) {}

    private final int replicas;
    private final SortedMap<Integer, List<Long>> left = new TreeMap<>();
    private final PairBalance balance;
    private final Map<Integer, Integer> heads = new HashMap<>();

    private Placement(List<List<Integer>> present, SortedMap<Integer, List<Long>> spare, int replicas) {
        this.replicas = replicas;
        this.balance = new PairBalance(present);
        present.forEach(chain -> heads.merge(chain.getFirst(), 1, Integer::sum));
        spare.forEach((node, targets) ->
                left.put(node, new ArrayList<>(targets.stream().sorted().toList())));
        left.values().removeIf(List::isEmpty);
    }

    /**
     * As many chains as the targets allow, head first.
     *
     * @param present chains that are there already, each by its nodes, head first
     * @param spare targets by node
     */
    static List<List<Place>> chains(List<List<Integer>> present, SortedMap<Integer, List<Long>> spare, int replicas) {
        Placement placement = new Placement(present, spare, replicas);
        placement.choose();
        placement.balance.improve();
        return HeadBalance.headsFirst(placement.balance.chains(), placement.heads).stream()
                .map(chain -> chain.stream().map(placement::take).toList())
                .toList();
    }

    /** Says which nodes form chains, and takes their targets off in number only. */
    private void choose() {
        Map<Integer, Integer> rest = new TreeMap<>();
        left.forEach((node, targets) -> rest.put(node, targets.size()));
        while (rest.size() >= replicas) {
            List<Integer> nodes = new ArrayList<>();
            while (nodes.size() < replicas) {
                Comparator<Integer> mostLeft = Comparator.comparingInt(node -> -rest.getOrDefault(node, 0));
                nodes.add(rest.keySet().stream()
                        .filter(node -> !nodes.contains(node))
                        .min(mostLeft.thenComparingInt(node -> balance.shared(node, nodes)))
                        .orElseThrow());
            }
            nodes.forEach(node -> rest.computeIfPresent(node, (_, count) -> count == 1 ? null : count - 1));
            balance.add(nodes);
        }
    }

    private Place take(int node) {
        return new Place(node, Objects.requireNonNull(left.get(node)).removeFirst());
    }
}
