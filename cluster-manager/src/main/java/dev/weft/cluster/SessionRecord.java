package dev.weft.cluster;

import dev.weft.serde.Serde;
import java.time.Instant;
import java.util.UUID;

/** What is stored of a client's session. */
@Serde
public record SessionRecord(UUID clientId, String description, Instant opened) {}
