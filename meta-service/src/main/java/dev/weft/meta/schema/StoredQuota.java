package dev.weft.meta.schema;

import dev.weft.serde.Serde;

/**
 * What a tree may have; the inode of its directory is in the key, and what it has is in counters beside it.
 *
 * @param inodesMax zero without a limit
 * @param bytesMax zero without a limit
 * @param outer the directory whose quota this one's directory counts against, with all that is in it; zero for none
 */
@Serde
public record StoredQuota(long inodesMax, long bytesMax, long outer) {}
