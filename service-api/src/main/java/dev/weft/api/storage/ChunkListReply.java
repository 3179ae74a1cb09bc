package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.List;

/** A page of a target's chunks; {@code more} says that it goes on behind the last one. */
@Serde
public record ChunkListReply(List<ChunkStat> chunks, boolean more) {}
