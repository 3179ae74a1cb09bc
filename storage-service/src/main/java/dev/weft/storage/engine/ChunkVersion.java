package dev.weft.storage.engine;

/**
 * One version of a chunk.
 *
 * @param number grows by one with each change of the chunk
 * @param length in bytes
 * @param checksum CRC32C of all its bytes
 * @param writer whose change made it
 * @param removed whether the change removes the chunk once it is committed
 */
public record ChunkVersion(long number, int length, int checksum, WriteId writer, boolean removed) {}
