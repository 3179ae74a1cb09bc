package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.time.Duration;
import java.util.Optional;

/**
 * Answer to a heartbeat.
 *
 * @param lease how long the node may act, from when it <em>sent</em> the heartbeat
 * @param routing newer than the node's, if the node knows none or one that is too old
 * @param changes newer than the node's otherwise
 * @param clusterId name of the cluster, which the node keeps beside its data
 * @param config newer options for the node
 */
@Serde
public record HeartbeatReply(
        Duration lease,
        Optional<RoutingInfo> routing,
        Optional<RoutingDelta> changes,
        String clusterId,
        Optional<ConfigSet> config) {
    /** Without the rest. */
    public HeartbeatReply(Duration lease, Optional<RoutingInfo> routing) {
        this(lease, routing, Optional.empty(), "", Optional.empty());
    }
}
