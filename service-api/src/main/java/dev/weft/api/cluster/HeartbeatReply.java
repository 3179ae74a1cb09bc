package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.time.Duration;
import java.util.Optional;

/**
 * Answer to a heartbeat.
 *
 * @param lease how long the node may act, from when it <em>sent</em> the heartbeat
 */
@Serde
public record HeartbeatReply(Duration lease, Optional<RoutingInfo> routing) {}
