package dev.weft.api.cluster.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.RoutingDelta;
import dev.weft.api.cluster.RoutingInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class RoutingDeltaProperties {
    private static NodeInfo node(int id, boolean alive) {
        return new NodeInfo(id, NodeRole.STORAGE, List.of("tcp://h:" + id), alive);
    }

    private static RoutingDelta delta(long since, long version, List<Integer> removed, List<NodeInfo> changed) {
        return new RoutingDelta(since, new RoutingInfo(version, changed, List.of()), removed, List.of(), List.of());
    }

    @Property
    void aDeltaFromAnOlderVersionLeadsToTheSame(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 5) Integer> first,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 5) Integer> second) {
        Routing base = Routing.of(new RoutingInfo(1, List.of(node(1, true), node(2, true)), List.of()));
        List<NodeInfo> set1 =
                first.stream().distinct().map(id -> node(id, false)).toList();
        List<NodeInfo> set2 =
                second.stream().distinct().map(id -> node(id, true)).toList();
        Routing step = base.after(delta(1, 2, List.of(), set1)).orElseThrow();
        Routing twoSteps = step.after(delta(2, 3, List.of(), set2)).orElseThrow();
        List<NodeInfo> both = Stream.concat(
                        set1.stream().filter(one -> set2.stream().noneMatch(two -> two.nodeId() == one.nodeId())),
                        set2.stream())
                .toList();
        assertEquals(
                twoSteps.info(),
                base.after(delta(1, 3, List.of(), both)).orElseThrow().info());
        assertEquals(
                twoSteps.info(),
                step.after(delta(1, 3, List.of(), both)).orElseThrow().info());
    }

    @Example
    void removesWhatIsGoneAndKeepsTheRest() {
        Routing base = Routing.of(new RoutingInfo(
                4,
                List.of(node(1, true)),
                List.of(new Chain(1, 1, List.of()), new Chain(2, 1, List.of())),
                List.of(new ChainTable(1, 1, List.of(1, 2)))));
        Routing next = base.after(new RoutingDelta(
                        4, new RoutingInfo(5, List.of(), List.of()), List.of(1), List.of(2), List.of()))
                .orElseThrow();
        assertEquals(5, next.version());
        assertEquals(List.of(), next.info().nodes());
        assertEquals(List.of(new Chain(1, 1, List.of())), next.chains());
        assertEquals(base.info().tables(), next.info().tables());
    }

    @Example
    void neitherGoesBackNorOverAGap() {
        Routing base = Routing.of(new RoutingInfo(4, List.of(), List.of()));
        assertSame(base, base.after(delta(1, 4, List.of(), List.of())).orElseThrow());
        assertEquals(Optional.empty(), base.after(delta(5, 6, List.of(), List.of())));
    }
}
