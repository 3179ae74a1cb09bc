package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ConfigStatus;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.NodeRole;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What nodes said last. Lives and dies with the term of a primary: of a node that has not reported in this term nothing is
 * known until it has had the failure time to do so. Time is passed in, in monotonic nanoseconds. Not thread-safe.
 */
final class Reports {
    /** What one node said last. */
    record Report(
            NodeRole role,
            List<String> addresses,
            long incarnation,
            long sequence,
            long atNanos,
            SortedMap<Long, LocalTarget> targets,
            ConfigStatus config) {}

    private final long failureNanos;
    private long startNanos;
    private final SortedMap<Integer, Report> reports = new TreeMap<>();

    Reports(long failureNanos, long startNanos) {
        this.failureNanos = failureNanos;
        this.startNanos = startNanos;
    }

    /** Takes a report, unless it is older than the last one of its node. */
    Optional<Refusal> take(HeartbeatRequest request, long nowNanos) {
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
                        targets,
                        request.config()));
        return Optional.empty();
    }

    /** Does not count the last {@code nanos} as silence of anybody. */
    void pardon(long nanos) {
        startNanos += nanos;
        reports.replaceAll((_, report) -> new Report(
                report.role(),
                report.addresses(),
                report.incarnation(),
                report.sequence(),
                report.atNanos() + nanos,
                report.targets(),
                report.config()));
    }

    void forget(int nodeId) {
        reports.remove(nodeId);
    }

    void forEach(BiConsumer<Integer, Report> visitor) {
        reports.forEach(visitor);
    }

    boolean isAlive(int nodeId, long nowNanos) {
        Report report = reports.get(nodeId);
        long heardNanos = report == null ? startNanos : report.atNanos();
        return nowNanos - heardNanos < failureNanos;
    }

    /** Whether it has not been heard of in this term, but may yet be. */
    boolean isUnknown(int nodeId, long nowNanos) {
        return !reports.containsKey(nodeId) && isAlive(nodeId, nowNanos);
    }

    /** What a live node says of a target. */
    Optional<LocalTarget> target(long targetId, long nowNanos) {
        int nodeId = Targets.nodeOf(targetId);
        Report report = reports.get(nodeId);
        return report == null || !isAlive(nodeId, nowNanos)
                ? Optional.empty()
                : Optional.ofNullable(report.targets().get(targetId));
    }

    /** State of a chain's target; offline if its node is silent or does not know it. */
    LocalState state(Chain chain, ChainTarget target, long nowNanos) {
        Optional<LocalTarget> local = target(target.targetId(), nowNanos);
        if (local.isEmpty()) {
            return LocalState.OFFLINE;
        }
        // A target knows itself complete only in terms of the chain it was told of.
        boolean outdated = local.get().chainVersion() != chain.version();
        LocalState state = local.get().state();
        return state == LocalState.UP_TO_DATE && outdated ? LocalState.ONLINE : state;
    }
}
