package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.RoutingInfo;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the manager has decided and stored: routing, by id, and what operators want beyond it. Immutable.
 *
 * @param version grows with each change
 */
record ClusterMap(
        long version,
        SortedMap<Integer, NodeInfo> nodes,
        SortedMap<Integer, Chain> chains,
        SortedMap<Integer, ChainTable> tables,
        SortedMap<Integer, ChainOrder> orders,
        Plan plan) {
    static final ClusterMap EMPTY =
            new ClusterMap(0, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), Plan.NOTHING);

    ClusterMap {
        nodes = copy(nodes);
        chains = copy(chains);
        tables = copy(tables);
        orders = copy(orders);
    }

    private static <T> SortedMap<Integer, T> copy(SortedMap<Integer, T> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    RoutingInfo routing() {
        return new RoutingInfo(
                version, List.copyOf(nodes.values()), List.copyOf(chains.values()), List.copyOf(tables.values()));
    }
}
