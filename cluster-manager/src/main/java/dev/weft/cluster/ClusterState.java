package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.StatusReply.TargetStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Heartbeats and time in, the next cluster map out. Pure: no clock, no store, no thread; time is passed in, in monotonic
 * nanoseconds. Not thread-safe.
 *
 * <p>What nodes said last lives here and dies with the process; what follows from it is proposed as a {@link ClusterMap},
 * and holds once it has been stored and adopted. After a restart nothing is known of a target until its node reports or
 * has had the failure time to do so, and until then its chain stays as it is.
 */
final class ClusterState {
    /** What a node said last. */
    private record Report(
            NodeRole role,
            List<String> addresses,
            long incarnation,
            long sequence,
            long atNanos,
            SortedMap<Long, LocalTarget> targets) {}

    private final ClusterManagerConfig config;
    private final long startNanos;
    private final SortedMap<Integer, Report> reports = new TreeMap<>();
    private ClusterMap map;

    ClusterState(ClusterManagerConfig config, ClusterMap map, long nowNanos) {
        this.config = config;
        this.map = map;
        this.startNanos = nowNanos;
    }

    ClusterMap map() {
        return map;
    }

    /** The proposed map has been stored: it holds from now on. */
    void adopt(ClusterMap stored) {
        map = stored;
    }

    /**
     * Takes a heartbeat. One that is older than the last of its node changes nothing.
     *
     * @return why the node may not take part, or nothing
     */
    Optional<Refusal> heartbeat(HeartbeatRequest request, long nowNanos) {
        Optional<Refusal> refusal = HeartbeatCheck.check(request, map, config.nodesMax());
        if (refusal.isPresent()) {
            return refusal;
        }
        Report last = reports.get(request.nodeId());
        if (last != null && request.incarnation() < last.incarnation()) {
            return Optional.of(Refusal.stale("node " + request.nodeId() + " has been started again: incarnation "
                    + request.incarnation() + " is over since " + last.incarnation()));
        }
        if (last != null && request.incarnation() == last.incarnation() && request.sequence() <= last.sequence()) {
            return Optional.empty();
        }
        SortedMap<Long, LocalTarget> targets = new TreeMap<>();
        request.targets().forEach(target -> targets.put(target.targetId(), target));
        reports.put(
                request.nodeId(),
                new Report(
                        request.role(),
                        List.copyOf(request.addresses()),
                        request.incarnation(),
                        request.sequence(),
                        nowNanos,
                        targets));
        return Optional.empty();
    }

    /** What should hold now; the current map itself if nothing changes. Does not change this state. */
    ClusterMap propose(long nowNanos) {
        SortedMap<Integer, NodeInfo> nodes = new TreeMap<>();
        map.nodes()
                .forEach((id, node) ->
                        nodes.put(id, new NodeInfo(id, node.role(), node.addresses(), isAlive(id, nowNanos))));
        reports.forEach((id, report) ->
                nodes.put(id, new NodeInfo(id, report.role(), report.addresses(), isAlive(id, nowNanos))));
        SortedMap<Integer, Chain> chains = new TreeMap<>(map.chains());
        chains.replaceAll((id, chain) -> next(chain, nowNanos));
        addNewChains(chains, nowNanos);
        return map.next(nodes, chains);
    }

    StatusReply status(long nowNanos) {
        List<TargetStatus> targets = new ArrayList<>();
        reports.forEach((nodeId, report) -> report.targets().values().forEach(target -> {
            boolean alive = isAlive(nodeId, nowNanos);
            targets.add(status(nodeId, alive ? target : withState(target, LocalState.OFFLINE)));
        }));
        return new StatusReply(map.routing(), targets);
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

    private boolean isAlive(int nodeId, long nowNanos) {
        Report report = reports.get(nodeId);
        long heardNanos = report == null ? startNanos : report.atNanos();
        return nowNanos - heardNanos < config.failureTime().toNanos();
    }

    private Chain next(Chain chain, long nowNanos) {
        for (ChainTarget target : chain.targets()) {
            boolean unknown = !reports.containsKey(target.nodeId()) && isAlive(target.nodeId(), nowNanos);
            if (unknown) {
                return chain;
            }
        }
        return TransitionTable.next(chain, target -> localState(chain, target, nowNanos));
    }

    private LocalState localState(Chain chain, ChainTarget target, long nowNanos) {
        Report report = reports.get(target.nodeId());
        if (report == null || !isAlive(target.nodeId(), nowNanos)) {
            return LocalState.OFFLINE;
        }
        LocalTarget local = report.targets().get(target.targetId());
        if (local == null) {
            return LocalState.OFFLINE;
        }
        // A target knows itself complete only in terms of the chain it was told of.
        boolean outdated = local.chainVersion() != chain.version();
        return local.state() == LocalState.UP_TO_DATE && outdated ? LocalState.ONLINE : local.state();
    }

    private void addNewChains(SortedMap<Integer, Chain> chains, long nowNanos) {
        SortedMap<Integer, List<Long>> spare = spareTargets(chains, nowNanos);
        spare.values().removeIf(targets -> targets.size() < config.targetsPerNode());
        if (spare.size() < config.storageNodes()) {
            return;
        }
        int nextId = chains.isEmpty() ? 1 : chains.lastKey() + 1;
        for (List<Placement.Place> places : Placement.chains(spare, config.replicas())) {
            List<ChainTarget> targets = places.stream()
                    .map(place -> new ChainTarget(place.targetId(), place.nodeId(), PublicState.SERVING))
                    .toList();
            chains.put(nextId, new Chain(nextId, 1, targets));
            nextId++;
        }
    }

    private SortedMap<Integer, List<Long>> spareTargets(SortedMap<Integer, Chain> chains, long nowNanos) {
        Set<Long> used = new HashSet<>();
        chains.values().forEach(chain -> chain.targets().forEach(target -> used.add(target.targetId())));
        SortedMap<Integer, List<Long>> spare = new TreeMap<>();
        reports.forEach((nodeId, report) -> {
            if (isAlive(nodeId, nowNanos)) {
                spare.put(
                        nodeId,
                        report.targets().values().stream()
                                .filter(target -> target.state() != LocalState.OFFLINE)
                                .map(LocalTarget::targetId)
                                .filter(target -> !used.contains(target))
                                .toList());
            }
        });
        return spare;
    }

    private static LocalTarget withState(LocalTarget target, LocalState state) {
        return new LocalTarget(
                target.targetId(), state, target.chainVersion(), target.usedBytes(), target.capacityBytes());
    }
}
