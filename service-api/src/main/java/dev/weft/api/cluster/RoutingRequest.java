package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.time.Duration;

/**
 * Asks for routing newer than {@code knownVersion}.
 *
 * @param patience how long the manager may hold the call until there is something newer; zero answers at once
 */
@Serde
public record RoutingRequest(long knownVersion, Duration patience) {}
