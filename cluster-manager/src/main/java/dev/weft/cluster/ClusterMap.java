package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.RoutingInfo;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the manager has decided and stored: routing, by id. Immutable.
 *
 * @param version grows with each change
 */
record ClusterMap(long version, SortedMap<Integer, NodeInfo> nodes, SortedMap<Integer, Chain> chains) {
    static final ClusterMap EMPTY = new ClusterMap(0, new TreeMap<>(), new TreeMap<>());

    ClusterMap {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
    }

    RoutingInfo routing() {
        return new RoutingInfo(version, List.copyOf(nodes.values()), List.copyOf(chains.values()));
    }

    /** The next version, with these nodes and chains; this very map if they are the same. */
    ClusterMap next(SortedMap<Integer, NodeInfo> newNodes, SortedMap<Integer, Chain> newChains) {
        return newNodes.equals(nodes) && newChains.equals(chains)
                ? this
                : new ClusterMap(version + 1, newNodes, newChains);
    }
}
