package dev.weft.api.storage;

import dev.weft.rpc.RemoteMemory;
import dev.weft.serde.Serde;
import java.util.Optional;

/**
 * One piece of one chunk.
 *
 * @param targetId the replica to read
 * @param into where the server puts the bytes; empty asks for them in the reply
 */
@Serde
public record ReadPiece(
        ChainRef chain, long targetId, ChunkId chunk, int offset, int length, Optional<RemoteMemory> into) {}
