package dev.weft.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which node of each chain is its head, so that no node heads many more chains than another: writes enter there.
 *
 * <p>As long as a node heads two chains more than another, and there is a row of chains between them, each of which has
 * the next one's head as a member, heads are passed on along the row: augmenting paths, as in bipartite matching. What is
 * left cannot be better. Deterministic.
 */
final class HeadBalance {
    private final List<List<Integer>> chains;

    /** Of each chain. */
    private final int[] heads;

    private final SortedMap<Integer, Integer> counts = new TreeMap<>();

    private HeadBalance(List<List<Integer>> chains, Map<Integer, Integer> present) {
        this.chains = chains;
        this.heads = new int[chains.size()];
        chains.forEach(chain -> chain.forEach(node -> counts.put(node, present.getOrDefault(node, 0))));
        for (int i = 0; i < heads.length; i++) {
            heads[i] = chains.get(i).stream()
                    .min(Comparator.comparingInt((Integer node) -> counts.getOrDefault(node, 0))
                            .thenComparingInt(node -> node))
                    .orElseThrow();
            counts.merge(heads[i], 1, Integer::sum);
        }
    }

    /**
     * The same chains, each with its head first.
     *
     * @param present how many other chains each node heads
     */
    static List<List<Integer>> headsFirst(List<List<Integer>> chains, Map<Integer, Integer> present) {
        HeadBalance balance = new HeadBalance(chains, present);
        boolean moved = true;
        while (moved) {
            moved = balance.improve();
        }
        List<List<Integer>> ordered = new ArrayList<>();
        for (int i = 0; i < chains.size(); i++) {
            int head = balance.heads[i];
            List<Integer> chain = new ArrayList<>(chains.get(i));
            chain.sort(Comparator.comparing((Integer node) -> node != head));
            ordered.add(chain);
        }
        return ordered;
    }

    private boolean improve() {
        List<Integer> fullest = new ArrayList<>(counts.keySet());
        fullest.sort(Comparator.comparingInt((Integer node) -> -counts.getOrDefault(node, 0)));
        for (int node : fullest) {
            if (passOn(node)) {
                return true;
            }
        }
        return false;
    }

    /** Takes a head off {@code from}, and gives one to a node that has two less; false if none can be reached. */
    private boolean passOn(int from) {
        int wanted = counts.getOrDefault(from, 0) - 2;
        Map<Integer, Integer> by = new HashMap<>();
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(from));
        while (!queue.isEmpty()) {
            int node = queue.remove();
            for (int i = 0; i < heads.length; i++) {
                if (heads[i] != node) {
                    continue;
                }
                for (int next : chains.get(i)) {
                    if (next != from && by.putIfAbsent(next, i) == null) {
                        if (counts.getOrDefault(next, 0) <= wanted) {
                            give(from, next, by);
                            return true;
                        }
                        queue.add(next);
                    }
                }
            }
        }
        return false;
    }

    private void give(int from, int to, Map<Integer, Integer> by) {
        int node = to;
        while (node != from) {
            @Nullable Integer chain = by.get(node);
            if (chain == null) {
                throw new IllegalStateException("node " + node + " was not reached");
            }
            int giver = heads[chain];
            heads[chain] = node;
            node = giver;
        }
        counts.merge(from, -1, Integer::sum);
        counts.merge(to, 1, Integer::sum);
    }
}
