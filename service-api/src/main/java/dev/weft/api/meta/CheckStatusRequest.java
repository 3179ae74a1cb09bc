package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Asks how far a check is. Who has the findings before {@code from} does not get them again, nor does anybody else.
 *
 * @param from number of the first finding wanted
 */
@Serde
public record CheckStatusRequest(Credentials caller, UUID check, long from) {}
