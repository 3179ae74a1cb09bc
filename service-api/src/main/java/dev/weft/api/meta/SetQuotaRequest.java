package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Limits what a directory and all below it may have; for root only. A directory gets its first quota while it is empty, and
 * keeps it; limits may be changed at any time, also to less than there is.
 *
 * @param inodesMax zero for no limit
 * @param bytesMax zero for no limit
 */
@Serde
public record SetQuotaRequest(Credentials caller, PathAt at, long inodesMax, long bytesMax, UUID request) {}
