package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** How many chunks went, and whether some are left. */
@Serde
public record RemoveChunksReply(int removed, boolean more) {}
