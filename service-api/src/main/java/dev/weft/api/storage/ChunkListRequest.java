package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.Optional;

/** Asks for a page of a target's chunks in order of {@link ChunkId}, from behind {@code after} on. */
@Serde
public record ChunkListRequest(ChainRef chain, long targetId, Optional<ChunkId> after, int limit) {}
