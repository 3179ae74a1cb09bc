package dev.weft.api.storage;

import dev.weft.serde.Serde;

/**
 * The file's last chunk on the chain.
 *
 * @param index -1 if the file has no chunk there
 * @param chunks how many it has there
 */
@Serde
public record LastChunkReply(int index, int length, int chunks) {}
