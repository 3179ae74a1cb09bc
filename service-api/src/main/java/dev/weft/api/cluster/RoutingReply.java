package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.Optional;

/** Newer routing, or nothing when the caller is up to date. */
@Serde
public record RoutingReply(Optional<RoutingInfo> routing) {}
