package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.PublicState;
import dev.weft.rpc.RpcException;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Chains keep what they have while targets are moved. */
final class RelocationProperties {
    private static final int REPLICAS = 3;
    private static final ClusterManagerConfig CONFIG =
            ClusterManagerConfig.defaults().withChains(REPLICAS, 4, 3);

    /** Something that happens, to node or target {@code subject}, and how many seconds pass after it. */
    record Event(Kind kind, int subject, int seconds) {}

    enum Kind {
        DRAIN,
        KEEP,
        REPLACE,
        REBALANCE,
        ADD_NODE,
        CRASH,
        RESTART,
        FAIL_OVER,
        ROTATE,
        PREFER,
        GROW,
        SHRINK,
        TARGET_OFFLINE,
        TARGET_ONLINE
    }

    @Provide
    Arbitrary<List<Event>> histories() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(0, 9))
                .as(Event::new)
                .list()
                .ofMaxSize(25);
    }

    @Property(tries = 300)
    void whateverHappensEachTargetIsInOneChainAndEachChainOnDifferentNodes(@ForAll("histories") List<Event> history) {
        ModelCluster cluster = new ModelCluster(CONFIG, 5, 4);
        int chains = cluster.map().chains().size();
        for (Event event : history) {
            apply(event, cluster);
            check(cluster);
        }
        assertTrue(cluster.map().chains().size() >= chains);
        // Then all are well again, and everything settles.
        for (int node = 1; node <= 5; node++) {
            cluster.restart(node);
            for (int i = 1; i <= 4; i++) {
                cluster.change(new ClusterChange.PutTargetOnline(node * 1000L + i));
            }
        }
        cluster.pass(200);
        check(cluster);
        for (Chain chain : cluster.map().chains().values()) {
            assertEquals(chain.targets().size(), Draft.serving(chain), chain::toString);
        }
    }

    private static void apply(Event event, ModelCluster cluster) {
        int node = event.subject();
        long target = node * 1000L + 1;
        try {
            switch (event.kind()) {
                case DRAIN -> cluster.change(new ClusterChange.DrainNode(node, false));
                case KEEP -> cluster.change(new ClusterChange.DrainNode(node, true));
                case REPLACE -> cluster.change(new ClusterChange.ReplaceTarget(target, 0));
                case REBALANCE -> cluster.change(new ClusterChange.Rebalance(false));
                case ADD_NODE -> cluster.add(node + 5);
                case CRASH -> cluster.crash(node);
                case RESTART -> cluster.restart(node);
                case FAIL_OVER -> cluster.failOver();
                case ROTATE -> cluster.change(new ClusterChange.RotatePreferred(0));
                case PREFER -> cluster.change(new ClusterChange.PreferOrder(node, reversed(cluster.chain(node))));
                case GROW -> cluster.change(new ClusterChange.AddTarget(node, target));
                case SHRINK -> shrink(cluster, cluster.chain(node));
                case TARGET_OFFLINE -> cluster.change(new ClusterChange.TakeTargetOffline(target, false));
                case TARGET_ONLINE -> cluster.change(new ClusterChange.PutTargetOnline(target));
            }
        } catch (RpcException e) {
            // Refused: as good as anything else.
        }
        cluster.pass(event.seconds());
    }

    private static List<Long> reversed(Chain chain) {
        return chain.targets().stream().map(ChainTarget::targetId).toList().reversed();
    }

    private static void shrink(ModelCluster cluster, Chain chain) {
        if (chain.targets().size() > REPLICAS) {
            long first = chain.targets().getFirst().targetId();
            cluster.change(new ClusterChange.RemoveTarget(chain.chainId(), first));
        }
    }

    private static void check(ModelCluster cluster) {
        Set<Long> used = new HashSet<>();
        for (Chain chain : cluster.map().chains().values()) {
            Set<Integer> nodes = new HashSet<>();
            for (ChainTarget target : chain.targets()) {
                assertTrue(used.add(target.targetId()), () -> "in two chains: " + target + " of " + cluster.map());
                boolean moving = cluster.map().plan().moves().stream()
                        .anyMatch(move -> move.to() == target.targetId() || move.from() == target.targetId());
                assertTrue(nodes.add(target.nodeId()) || moving, () -> "one node twice: " + chain);
            }
            assertTrue(chain.targets().size() >= REPLICAS, chain::toString);
            boolean goesOn = chain.targets().stream()
                    .anyMatch(target -> target.state() == PublicState.SERVING || target.state() == PublicState.LASTSRV);
            assertTrue(goesOn, () -> "nobody has the data: " + chain);
        }
    }

    @Property(tries = 50)
    void aDrainEmptiesTheNodeAndNoChainEverServesFromFewer(
            @ForAll @IntRange(min = 1, max = 4) int node, @ForAll @IntRange(min = 0, max = 8) int failOverAfter) {
        ModelCluster cluster = new ModelCluster(CONFIG, 5, 4);
        int before = cluster.load().getOrDefault(node, 0);
        assertTrue(before > 0);
        cluster.change(new ClusterChange.DrainNode(node, false));
        cluster.add(6);
        for (int i = 0; i < 120; i++) {
            if (i == failOverAfter) {
                cluster.failOver();
            }
            cluster.pass(1);
            cluster.map()
                    .chains()
                    .values()
                    .forEach(chain -> assertTrue(Draft.serving(chain) >= REPLICAS, chain::toString));
            long moving = cluster.map().plan().moves().stream()
                    .filter(move -> Targets.nodeOf(move.from()) == node)
                    .count();
            assertTrue(moving <= 1, "one at a time");
        }
        assertEquals(0, cluster.load().getOrDefault(node, 0));
        assertEquals(
                0, cluster.state().operations(cluster.now()).drains().getFirst().left());
        assertEquals(List.of(), cluster.map().plan().moves());
    }

    @Property(tries = 30)
    void rebalancingEndsWithEvenNodes(@ForAll @IntRange(min = 1, max = 3) int added) {
        ModelCluster cluster = new ModelCluster(CONFIG, 5, 4);
        for (int i = 1; i <= added; i++) {
            cluster.add(5 + i);
        }
        cluster.pass(2);
        cluster.change(new ClusterChange.Rebalance(false));
        for (int i = 0; i < 100; i++) {
            cluster.pass(1);
            assertTrue(cluster.map().plan().moves().size() <= CONFIG.movesMax());
            cluster.map()
                    .chains()
                    .values()
                    .forEach(chain -> assertTrue(Draft.serving(chain) >= REPLICAS, chain::toString));
        }
        IntSummaryStatistics load =
                cluster.load().values().stream().mapToInt(Integer::intValue).summaryStatistics();
        assertTrue(load.getMax() - load.getMin() <= 1, () -> "load " + cluster.load());
        assertEquals(false, cluster.map().plan().rebalancing());
    }
}
