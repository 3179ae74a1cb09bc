package dev.weft.api.storage;

import dev.weft.serde.Serde;

/**
 * A change that every serving replica has committed.
 *
 * @param version the chunk's version after it
 * @param length the chunk's length after it
 * @param checksum CRC32C of the whole chunk after it
 */
@Serde
public record UpdateReply(long version, int length, int checksum, int chainVersion) {}
