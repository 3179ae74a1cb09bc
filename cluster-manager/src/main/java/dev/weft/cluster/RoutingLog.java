package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.RoutingDelta;
import dev.weft.api.cluster.RoutingInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What the last changes of the routing were about: ids only, since what counts is the newest state of each. Bounded; for
 * one thread.
 */
final class RoutingLog {
    /** A version, and what differs in it from the one before. */
    private record Change(long version, Set<Integer> nodes, Set<Integer> chains, Set<Integer> tables) {
        int size() {
            return nodes.size() + chains.size() + tables.size();
        }
    }

    private final int idsMax;
    private final Deque<Change> changes = new ArrayDeque<>();
    private int ids;
    private ClusterMap current;

    /** @param idsMax how many ids of nodes, chains and tables are remembered */
    RoutingLog(int idsMax, ClusterMap current) {
        this.idsMax = idsMax;
        this.current = current;
    }

    void append(ClusterMap next) {
        Change change = new Change(
                next.version(),
                different(current.nodes(), next.nodes()),
                different(current.chains(), next.chains()),
                different(current.tables(), next.tables()));
        changes.addLast(change);
        // One for the version itself, so that empty changes are bounded too.
        ids += change.size() + 1;
        while (ids > idsMax) {
            ids -= changes.removeFirst().size() + 1;
        }
        current = next;
    }

    /** What leads from {@code version} to the newest; nothing if that is not known any more or would be most of it all. */
    Optional<RoutingDelta> since(long version) {
        boolean remembered =
                !changes.isEmpty() && changes.getFirst().version() <= version + 1 && version < current.version();
        if (!remembered || version <= 0) {
            return Optional.empty();
        }
        Set<Integer> nodes = new TreeSet<>();
        Set<Integer> chains = new TreeSet<>();
        Set<Integer> tables = new TreeSet<>();
        for (Change change : changes.reversed()) {
            if (change.version() <= version) {
                break;
            }
            nodes.addAll(change.nodes());
            chains.addAll(change.chains());
            tables.addAll(change.tables());
        }
        int all = current.nodes().size()
                + current.chains().size()
                + current.tables().size();
        if (nodes.size() + chains.size() + tables.size() > all) {
            return Optional.empty();
        }
        List<Integer> goneNodes = new ArrayList<>();
        List<Integer> goneChains = new ArrayList<>();
        List<Integer> goneTables = new ArrayList<>();
        List<NodeInfo> newNodes = newest(nodes, current.nodes(), goneNodes);
        List<Chain> newChains = newest(chains, current.chains(), goneChains);
        List<ChainTable> newTables = newest(tables, current.tables(), goneTables);
        return Optional.of(new RoutingDelta(
                version,
                new RoutingInfo(current.version(), newNodes, newChains, newTables),
                goneNodes,
                goneChains,
                goneTables));
    }

    private static <T> Set<Integer> different(SortedMap<Integer, T> before, SortedMap<Integer, T> after) {
        Set<Integer> ids = new TreeSet<>();
        after.forEach((id, value) -> {
            if (!value.equals(before.get(id))) {
                ids.add(id);
            }
        });
        before.keySet().stream().filter(id -> !after.containsKey(id)).forEach(ids::add);
        return ids;
    }

    private static <T> List<T> newest(Set<Integer> ids, SortedMap<Integer, T> current, List<Integer> gone) {
        List<T> found = new ArrayList<>();
        for (int id : ids) {
            T value = current.get(id);
            if (value == null) {
                gone.add(id);
            } else {
                found.add(value);
            }
        }
        return found;
    }
}
