package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.Move;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.PublicState;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The next cluster map while it is being decided. For one thread. */
final class Draft {
    private final ClusterMap before;
    final NavigableMap<Integer, NodeInfo> nodes;
    final NavigableMap<Integer, Chain> chains;
    final NavigableMap<Integer, ChainTable> tables;
    private final NavigableMap<Integer, ChainOrder> orders;
    final NavigableSet<Long> offline;
    final NavigableSet<Long> former;
    final NavigableSet<Integer> draining;
    final NavigableSet<Integer> rotating;
    final NavigableMap<Integer, Move> moves = new TreeMap<>();
    boolean rebalancing;

    Draft(ClusterMap before) {
        this.before = before;
        this.nodes = new TreeMap<>(before.nodes());
        this.chains = new TreeMap<>(before.chains());
        this.tables = new TreeMap<>(before.tables());
        this.orders = new TreeMap<>(before.orders());
        Plan plan = before.plan();
        this.offline = new TreeSet<>(plan.offline());
        this.former = new TreeSet<>(plan.former());
        this.draining = new TreeSet<>(plan.draining());
        this.rotating = new TreeSet<>(plan.rotating());
        plan.moves().forEach(move -> moves.put(move.chainId(), move));
        this.rebalancing = plan.rebalancing();
    }

    /** The map that follows; the one before, if nothing is different. A chain that changed is one version further. */
    ClusterMap toMap() {
        chains.replaceAll((id, chain) -> {
            Chain old = before.chains().get(id);
            if (old == null) {
                return chain;
            }
            return old.targets().equals(chain.targets()) ? old : new Chain(id, old.version() + 1, chain.targets());
        });
        Plan plan = new Plan(
                List.copyOf(offline),
                List.copyOf(former),
                List.copyOf(draining),
                List.copyOf(moves.values()),
                List.copyOf(rotating),
                rebalancing);
        boolean same = nodes.equals(before.nodes())
                && chains.equals(before.chains())
                && tables.equals(before.tables())
                && orders.equals(before.orders())
                && plan.equals(before.plan());
        return same ? before : new ClusterMap(before.version() + 1, nodes, chains, tables, orders, plan);
    }

    Optional<Chain> chain(int chainId) {
        return Optional.ofNullable(chains.get(chainId));
    }

    Optional<Chain> chainOf(long targetId) {
        return chains.values().stream()
                .filter(chain -> member(chain, targetId).isPresent())
                .findFirst();
    }

    static Optional<ChainTarget> member(Chain chain, long targetId) {
        return chain.targets().stream()
                .filter(target -> target.targetId() == targetId)
                .findFirst();
    }

    static long serving(Chain chain) {
        return chain.targets().stream()
                .filter(target -> target.state() == PublicState.SERVING)
                .count();
    }

    /** The preferred order, of the targets that the chain has now. */
    List<Long> order(Chain chain) {
        Set<Long> present = new TreeSet<>();
        chain.targets().forEach(target -> present.add(target.targetId()));
        ChainOrder wanted = orders.get(chain.chainId());
        List<Long> order = new ArrayList<>(wanted == null ? List.of() : wanted.targets());
        order.retainAll(present);
        chain.targets().stream()
                .map(ChainTarget::targetId)
                .filter(target -> !order.contains(target))
                .forEach(order::add);
        return order;
    }

    void prefer(int chainId, List<Long> targets) {
        orders.put(chainId, new ChainOrder(chainId, List.copyOf(targets)));
    }

    void add(Chain chain) {
        chains.put(chain.chainId(), chain);
        prefer(
                chain.chainId(),
                chain.targets().stream().map(ChainTarget::targetId).toList());
    }

    /** Replaces the targets of a chain. */
    void edit(int chainId, UnaryOperator<List<ChainTarget>> change) {
        chains.computeIfPresent(
                chainId,
                (id, chain) ->
                        new Chain(id, chain.version(), List.copyOf(change.apply(new ArrayList<>(chain.targets())))));
    }

    /** Appends a target, to be filled. */
    void join(int chainId, long targetId) {
        ChainTarget joining = new ChainTarget(targetId, Targets.nodeOf(targetId), PublicState.OFFLINE);
        edit(chainId, targets -> {
            targets.add(joining);
            return targets;
        });
        former.add(targetId);
    }

    /** Takes a target out; {@code heir} takes its place in the preferred order, if it is not zero. */
    void leave(int chainId, long targetId, long heir) {
        List<Long> order = chain(chainId).map(this::order).orElse(List.of());
        List<Long> next = new ArrayList<>();
        for (long target : order) {
            if (target == targetId && heir != 0) {
                next.add(heir);
            } else if (target != targetId && target != heir) {
                next.add(target);
            }
        }
        prefer(chainId, next);
        edit(chainId, targets -> {
            targets.removeIf(target -> target.targetId() == targetId);
            return targets;
        });
        former.add(targetId);
    }
}
