package dev.weft.api.meta;

import dev.weft.serde.Serde;

/**
 * What a tree has, and may have.
 *
 * @param root the directory whose quota it is: the root's is the whole file system
 * @param inodes files, directories and symbolic links below {@code root}; exact, but what was removed counts until it is
 *     collected
 * @param bytes the lengths of the files, as they were settled last
 * @param inodesMax zero without a limit
 * @param bytesMax zero without a limit
 */
@Serde
public record Space(long root, long inodes, long bytes, long inodesMax, long bytesMax) {}
