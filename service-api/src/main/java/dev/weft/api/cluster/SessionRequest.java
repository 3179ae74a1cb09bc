package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * A client's sign of life.
 *
 * @param description of the client for people: its machine and what it does
 * @param end whether the client ends
 */
@Serde
public record SessionRequest(UUID clientId, String description, boolean end) {}
