package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTable;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.OperationsReply;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.StatusReply.NodeStatus;
import dev.weft.api.cluster.StatusReply.TargetStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * Heartbeats, wishes of operators and time in, the next cluster map out. Pure: no clock, no store, no thread; time is
 * passed in, in monotonic nanoseconds. Not thread-safe.
 *
 * <p>What nodes said last lives here and dies with the primary's term; what follows from it is proposed as a
 * {@link ClusterMap}, and holds once it has been stored and adopted. A new primary knows nothing of a target until its node
 * reports or has had the failure time to do so, and until then its chain stays as it is.
 */
final class ClusterState {
    private final ClusterManagerConfig config;
    private final String clusterId;
    private final Reports reports;
    private ClusterMap map;

    ClusterState(ClusterManagerConfig config, String clusterId, ClusterMap map, long nowNanos) {
        this.config = config;
        this.clusterId = clusterId;
        this.map = map;
        this.reports = new Reports(config.failureTime().toNanos(), nowNanos);
    }

    ClusterMap map() {
        return map;
    }

    String clusterId() {
        return clusterId;
    }

    /** The proposed map has been stored: it holds from now on. */
    void adopt(ClusterMap stored) {
        map.nodes().keySet().stream()
                .filter(node -> !stored.nodes().containsKey(node))
                .forEach(reports::forget);
        map = stored;
    }

    /**
     * Takes a heartbeat. One that is older than the last of its node changes nothing.
     *
     * @return why the node may not take part, or nothing
     */
    Optional<Refusal> heartbeat(HeartbeatRequest request, long nowNanos) {
        return HeartbeatCheck.check(request, map, clusterId, config.nodesMax())
                .or(() -> reports.take(request, nowNanos));
    }

    /** Does not count the last {@code nanos} as silence of anybody. */
    void pardon(long nanos) {
        reports.pardon(nanos);
    }

    /** What should hold now; the current map itself if nothing changes. Does not change this state. */
    ClusterMap propose(long nowNanos) {
        Draft draft = new Draft(map);
        decide(draft, nowNanos);
        return draft.toMap();
    }

    /**
     * What should hold once an operator's wish is taken, which is noted in {@code answer}. Does not change this state.
     *
     * @throws dev.weft.rpc.RpcException if it cannot be taken
     */
    ClusterMap propose(ClusterChange change, Operator.Answer answer, long nowNanos) {
        Draft draft = new Draft(map);
        new Operator(draft, reports, nowNanos).take(change, answer);
        decide(draft, nowNanos);
        return draft.toMap();
    }

    private List<String> decide(Draft draft, long nowNanos) {
        draft.nodes.replaceAll(
                (id, node) -> new NodeInfo(id, node.role(), node.addresses(), reports.isAlive(id, nowNanos)));
        reports.forEach((id, report) -> draft.nodes.put(
                id, new NodeInfo(id, report.role(), report.addresses(), reports.isAlive(id, nowNanos))));
        draft.chains.replaceAll((id, chain) -> next(draft, chain, nowNanos));
        List<String> waiting = new Relocation(draft, reports, nowNanos, config.movesMax()).step();
        Rotation.step(draft);
        addNewChains(draft, nowNanos);
        listAllChains(draft);
        return waiting;
    }

    private Chain next(Draft draft, Chain chain, long nowNanos) {
        for (ChainTarget target : chain.targets()) {
            if (reports.isUnknown(target.nodeId(), nowNanos)) {
                return chain;
            }
        }
        return TransitionTable.next(
                chain,
                target -> draft.offline.contains(target.targetId())
                        ? LocalState.OFFLINE
                        : reports.state(chain, target, nowNanos));
    }

    private void addNewChains(Draft draft, long nowNanos) {
        NavigableMap<Integer, List<Long>> spare = new Spares(draft, reports, nowNanos).unused();
        spare.values().removeIf(targets -> targets.size() < config.targetsPerNode());
        if (spare.size() < config.storageNodes()) {
            return;
        }
        int nextId = draft.chains.isEmpty() ? 1 : draft.chains.lastKey() + 1;
        List<List<Integer>> present = draft.chains.values().stream()
                .map(chain -> chain.targets().stream().map(ChainTarget::nodeId).toList())
                .toList();
        for (List<Placement.Place> places : Placement.chains(present, spare, config.replicas())) {
            List<ChainTarget> targets = places.stream()
                    .map(place -> new ChainTarget(place.targetId(), place.nodeId(), PublicState.SERVING))
                    .toList();
            draft.add(new Chain(nextId, 1, targets));
            nextId++;
        }
    }

    private static void listAllChains(Draft draft) {
        List<Integer> all = List.copyOf(draft.chains.keySet());
        ChainTable table = draft.tables.get(ChainTable.ALL);
        if (!all.isEmpty() && (table == null || !table.chains().equals(all))) {
            int version = table == null ? 1 : table.version() + 1;
            draft.tables.put(ChainTable.ALL, new ChainTable(ChainTable.ALL, version, all));
        }
    }

    /** What is under way, and what waits for something. */
    OperationsReply operations(long nowNanos) {
        List<String> waiting = decide(new Draft(map), nowNanos);
        List<OperationsReply.Drain> drains = map.plan().draining().stream()
                .map(node -> new OperationsReply.Drain(node, targetsOf(node)))
                .toList();
        return new OperationsReply(map.plan().moves(), drains, map.plan().rebalancing(), waiting);
    }

    private int targetsOf(int node) {
        return (int) map.chains().values().stream()
                .flatMap(chain -> chain.targets().stream())
                .filter(target -> target.nodeId() == node)
                .count();
    }

    List<TargetStatus> targets(long nowNanos) {
        List<TargetStatus> targets = new ArrayList<>();
        reports.forEach((nodeId, report) -> report.targets().values().forEach(target -> {
            boolean alive = reports.isAlive(nodeId, nowNanos);
            targets.add(status(nodeId, alive ? target : withState(target, LocalState.OFFLINE)));
        }));
        return targets;
    }

    /** How far each node has followed its options, of which {@code configs} has the newest versions. */
    List<NodeStatus> nodes(Configs configs) {
        List<NodeStatus> nodes = new ArrayList<>();
        reports.forEach((id, report) -> nodes.add(new NodeStatus(
                id,
                configs.of(report.role()).version(),
                report.config(),
                map.plan().draining().contains(id))));
        return nodes;
    }

    private TargetStatus status(int nodeId, LocalTarget target) {
        for (Chain chain : map.chains().values()) {
            for (ChainTarget member : chain.targets()) {
                if (member.targetId() == target.targetId()) {
                    return new TargetStatus(nodeId, chain.chainId(), member.state(), target);
                }
            }
        }
        return new TargetStatus(nodeId, 0, PublicState.OFFLINE, target);
    }

    private static LocalTarget withState(LocalTarget target, LocalState state) {
        return new LocalTarget(
                target.targetId(), state, target.chainVersion(), target.usedBytes(), target.capacityBytes());
    }
}
