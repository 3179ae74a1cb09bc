package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * The cluster as its manager sees it, for people and monitoring.
 *
 * @param targets every target ever reported, in chains or spare, by growing id
 * @param clusterId name of the cluster
 * @param primary id of the manager that answers
 * @param term how many primaries there have been so far
 * @param nodes how far each node has followed its options, by growing id
 */
@Serde
public record StatusReply(
        RoutingInfo routing,
        List<TargetStatus> targets,
        String clusterId,
        int primary,
        long term,
        List<NodeStatus> nodes) {
    /** Without the rest. */
    public StatusReply(RoutingInfo routing, List<TargetStatus> targets) {
        this(routing, targets, "", 0, 0, List.of());
    }

    /**
     * One target.
     *
     * @param chainId zero for a spare target
     * @param state {@link PublicState#OFFLINE} for a spare target
     * @param report what its node last said of it; {@link LocalState#OFFLINE} once the node has failed
     */
    @Serde
    public record TargetStatus(int nodeId, int chainId, PublicState state, LocalTarget report) {}

    /** One node: what is wanted of it and how far it has got. */
    @Serde
    public record NodeStatus(int nodeId, long configWanted, ConfigStatus config, boolean draining) {}
}
