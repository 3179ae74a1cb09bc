package dev.weft.meta.schema;

import dev.weft.serde.Serde;
import java.time.Instant;

/**
 * How long a client's locks are held; the client is in the key.
 *
 * @param until by the servers' clocks, which must be about right
 */
@Serde
public record StoredLease(Instant until) {}
