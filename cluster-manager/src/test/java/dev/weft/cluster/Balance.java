package dev.weft.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How evenly chains lie on nodes.
 *
 * @param chains how many there are
 * @param least chains that two nodes share: of all pairs the fewest
 * @param most of all pairs the most
 */
record Balance(int chains, int least, int most) {
    static Balance of(List<List<Integer>> chains) {
        Set<Integer> nodes = new HashSet<>();
        chains.forEach(nodes::addAll);
        Map<List<Integer>, Integer> shared = new HashMap<>();
        for (int a : nodes) {
            for (int b : nodes) {
                if (a < b) {
                    shared.put(List.of(a, b), 0);
                }
            }
        }
        for (List<Integer> chain : chains) {
            for (int a : chain) {
                for (int b : chain) {
                    if (a < b) {
                        shared.merge(List.of(a, b), 1, Integer::sum);
                    }
                }
            }
        }
        int least = shared.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        int most = shared.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return new Balance(chains.size(), least, most);
    }
}
