package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.Optional;

/**
 * Newer routing, or nothing when the caller is up to date.
 *
 * @param routing all of it, if the caller knows none or one that is too old
 * @param changes otherwise
 */
@Serde
public record RoutingReply(Optional<RoutingInfo> routing, Optional<RoutingDelta> changes) {
    /** All of it, or nothing. */
    public RoutingReply(Optional<RoutingInfo> routing) {
        this(routing, Optional.empty());
    }
}
