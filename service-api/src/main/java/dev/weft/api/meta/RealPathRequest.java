package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** Asks for the path of something that is there, without symbolic links, {@code .} and {@code ..}. */
@Serde
public record RealPathRequest(Credentials caller, PathAt at) {}
