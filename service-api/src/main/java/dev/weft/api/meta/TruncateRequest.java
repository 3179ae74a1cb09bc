package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Makes a file exactly {@code length} bytes long. */
@Serde
public record TruncateRequest(Credentials caller, PathAt at, long length, UUID request) {}
