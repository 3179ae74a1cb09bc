package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** An absolute path. */
@Serde
public record RealPathReply(String path) {}
