package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** Lists a directory in name order, from after {@code after} (empty for the beginning), at most {@code limit} entries. */
@Serde
public record ListRequest(String path, String after, int limit) {}
