package dev.weft.api.cluster.routing;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingDelta;
import dev.weft.api.cluster.RoutingInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * One version of the routing information, with the look-ups that everyone needs. Immutable.
 *
 * <pre>{@code
 * Routing routing = follower.current();
 * ChainTarget head = routing.head(chainId).orElseThrow();
 * NodeInfo node = routing.node(head.nodeId()).orElseThrow();
 * }</pre>
 */
public final class Routing {
    /** What a process knows before it heard from the cluster manager: version 0, nothing in it. */
    public static final Routing UNKNOWN = new Routing(new RoutingInfo(0, List.of(), List.of()));

    private final RoutingInfo info;
    private final Map<Integer, Chain> chains = new HashMap<>();
    private final Map<Integer, NodeInfo> nodes = new HashMap<>();
    private final Map<Long, Integer> chainsByTarget = new HashMap<>();

    private Routing(RoutingInfo info) {
        this.info = info;
        for (NodeInfo node : info.nodes()) {
            nodes.put(node.nodeId(), node);
        }
        for (Chain chain : info.chains()) {
            chains.put(chain.chainId(), chain);
            for (ChainTarget target : chain.targets()) {
                chainsByTarget.put(target.targetId(), chain.chainId());
            }
        }
    }

    public static Routing of(RoutingInfo info) {
        return new Routing(info);
    }

    /** This routing after the changes; this very one if they are not newer, nothing if they are based on a newer one. */
    public Optional<Routing> after(RoutingDelta delta) {
        if (delta.changed().version() <= version()) {
            return Optional.of(this);
        }
        if (delta.since() > version()) {
            return Optional.empty();
        }
        RoutingInfo changed = delta.changed();
        return Optional.of(of(new RoutingInfo(
                changed.version(),
                merge(info.nodes(), changed.nodes(), delta.removedNodes(), NodeInfo::nodeId),
                merge(info.chains(), changed.chains(), delta.removedChains(), Chain::chainId),
                merge(info.tables(), changed.tables(), delta.removedTables(), ChainTable::tableId))));
    }

    private static <T> List<T> merge(List<T> old, List<T> changed, List<Integer> removed, ToIntFunction<T> id) {
        TreeMap<Integer, T> merged = new TreeMap<>();
        old.forEach(each -> merged.put(id.applyAsInt(each), each));
        changed.forEach(each -> merged.put(id.applyAsInt(each), each));
        removed.forEach(merged::remove);
        return List.copyOf(merged.values());
    }

    public long version() {
        return info.version();
    }

    /** What the index is made of. */
    public RoutingInfo info() {
        return info;
    }

    /** All chains, by growing id. */
    public List<Chain> chains() {
        return info.chains();
    }

    public Optional<Chain> chain(int chainId) {
        return Optional.ofNullable(chains.get(chainId));
    }

    /** The chain that a target belongs to; none for a target that is spare. */
    public Optional<Chain> chainOf(long targetId) {
        return Optional.ofNullable(chainsByTarget.get(targetId)).flatMap(this::chain);
    }

    public Optional<NodeInfo> node(int nodeId) {
        return Optional.ofNullable(nodes.get(nodeId));
    }

    /** Where writes to the chain go: its first target, if that one serves. */
    public Optional<ChainTarget> head(int chainId) {
        List<ChainTarget> serving = serving(chainId);
        return serving.isEmpty() ? Optional.empty() : Optional.of(serving.getFirst());
    }

    /** The targets that may be read, head first; empty for a chain that is unknown or stands still. */
    public List<ChainTarget> serving(int chainId) {
        Chain chain = chains.get(chainId);
        return chain == null ? List.of() : serving(chain);
    }

    /** The targets of {@code chain} that may be read, head first. */
    public static List<ChainTarget> serving(Chain chain) {
        List<ChainTarget> serving = new ArrayList<>(chain.targets().size());
        for (ChainTarget target : chain.targets()) {
            if (target.state() == PublicState.SERVING) {
                serving.add(target);
            }
        }
        return serving;
    }

    /** The target behind {@code targetId} that takes writes: serving, or being filled. None behind the tail. */
    public static Optional<ChainTarget> successor(Chain chain, long targetId) {
        boolean behind = false;
        for (ChainTarget target : chain.targets()) {
            if (behind && takesWrites(target.state())) {
                return Optional.of(target);
            }
            behind |= target.targetId() == targetId;
        }
        return Optional.empty();
    }

    private static boolean takesWrites(PublicState state) {
        return state == PublicState.SERVING || state == PublicState.SYNCING;
    }

    @Override
    public String toString() {
        return "routing " + info.version() + " with " + nodes.size() + " nodes and " + chains.size() + " chains";
    }
}
