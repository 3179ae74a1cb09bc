package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.RoutingDelta;
import dev.weft.api.cluster.routing.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class RoutingLogProperties {
    static final int NODES = 6;

    /** Maps that follow each other: each change sets or removes a node and changes a chain. */
    private static List<ClusterMap> maps(List<Integer> changes) {
        TreeMap<Integer, NodeInfo> nodes = new TreeMap<>();
        TreeMap<Integer, Chain> chains = new TreeMap<>();
        for (int node = 1; node <= 20; node++) {
            nodes.put(100 + node, new NodeInfo(100 + node, NodeRole.META, List.of(), true));
        }
        List<ClusterMap> maps = new ArrayList<>();
        maps.add(new ClusterMap(1, nodes, chains, new TreeMap<>(), new TreeMap<>(), Plan.NOTHING));
        for (int change : changes) {
            int id = change % NODES + 1;
            if (change < NODES) {
                nodes.remove(id);
            } else {
                nodes.put(id, new NodeInfo(id, NodeRole.STORAGE, List.of(), change % 2 == 0));
            }
            chains.put(id, new Chain(id, maps.size(), List.of()));
            maps.add(new ClusterMap(maps.size() + 1, nodes, chains, new TreeMap<>(), new TreeMap<>(), Plan.NOTHING));
        }
        return maps;
    }

    @Property
    void changesInAnyBatchesLeadToTheWhole(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 3 * NODES) Integer> changes,
            @ForAll @Size(min = 1, max = 30) List<Boolean> asks,
            @ForAll @IntRange(min = 1, max = 60) int idsMax) {
        List<ClusterMap> maps = maps(changes);
        RoutingLog log = new RoutingLog(idsMax, maps.getFirst());
        Routing follower = Routing.of(maps.getFirst().routing());
        for (int i = 1; i < maps.size(); i++) {
            log.append(maps.get(i));
            if (asks.get(i % asks.size()) || i == maps.size() - 1) {
                Optional<RoutingDelta> changed = log.since(follower.version());
                follower = changed.isPresent()
                        ? follower.after(changed.get()).orElseThrow()
                        : Routing.of(maps.get(i).routing());
                assertEquals(maps.get(i).routing(), follower.info());
            }
        }
    }

    @Property
    void nothingIsClaimedOfWhatIsForgotten(
            @ForAll @Size(min = 10, max = 30) List<@IntRange(min = 0, max = 3 * NODES) Integer> changes) {
        List<ClusterMap> maps = maps(changes);
        RoutingLog log = new RoutingLog(6, maps.getFirst());
        maps.stream().skip(1).forEach(log::append);
        assertEquals(Optional.empty(), log.since(1));
        assertEquals(Optional.empty(), log.since(0));
        assertEquals(Optional.empty(), log.since(maps.size()), "nothing is newer");
        assertEquals(Optional.empty(), log.since(maps.size() + 5L), "nor than what is not there yet");
    }

    @Example
    void sendsOnlyWhatChanged() {
        List<ClusterMap> maps = maps(List.of(8, 9, 10));
        RoutingLog log = new RoutingLog(1000, maps.getFirst());
        maps.stream().skip(1).forEach(log::append);
        RoutingDelta delta = log.since(3).orElseThrow();
        assertEquals(1, delta.changed().nodes().size());
        assertEquals(1, delta.changed().chains().size());
        assertTrue(delta.changed().version() == 4 && delta.since() == 3);
    }
}
