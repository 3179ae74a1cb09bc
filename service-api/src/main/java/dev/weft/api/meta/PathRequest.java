package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** Names a file or directory by its absolute path. */
@Serde
public record PathRequest(String path) {}
