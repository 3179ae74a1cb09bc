package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * The cluster as its manager sees it, for people and monitoring.
 *
 * @param targets every target ever reported, in chains or spare, by growing id
 */
@Serde
public record StatusReply(RoutingInfo routing, List<TargetStatus> targets) {
    /**
     * One target.
     *
     * @param chainId zero for a spare target
     * @param state {@link PublicState#OFFLINE} for a spare target
     * @param report what its node last said of it; {@link LocalState#OFFLINE} once the node has failed
     */
    @Serde
    public record TargetStatus(int nodeId, int chainId, PublicState state, LocalTarget report) {}
}
