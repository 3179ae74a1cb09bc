package dev.weft.api.meta;

import dev.weft.serde.Serde;

/**
 * Extends the lease of all locks of the caller's client; or gives them all up.
 *
 * @param end whether the client ends
 */
@Serde
public record RenewLocksRequest(Credentials caller, boolean end) {}
