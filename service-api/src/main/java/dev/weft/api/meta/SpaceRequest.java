package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** Asks how much is stored below the directory with a quota that has something, or in the whole file system. */
@Serde
public record SpaceRequest(Credentials caller, PathAt at) {}
