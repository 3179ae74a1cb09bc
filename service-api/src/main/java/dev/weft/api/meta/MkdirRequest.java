package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Creates a directory; {@code parents} creates missing ancestors too and accepts an existing directory. */
@Serde
public record MkdirRequest(Credentials caller, PathAt at, boolean parents, int permissions, UUID request) {}
