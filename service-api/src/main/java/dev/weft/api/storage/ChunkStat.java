package dev.weft.api.storage;

import dev.weft.serde.Serde;

/**
 * What a target has of one chunk.
 *
 * @param version the committed one; zero if only a pending version exists
 * @param checksum CRC32C of the committed bytes
 * @param pending whether a version is applied that is not committed
 */
@Serde
public record ChunkStat(ChunkId chunk, long version, int length, int checksum, boolean pending) {}
