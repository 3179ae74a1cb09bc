package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Makes a file exactly {@code length} bytes long. */
@Serde
public record TruncateRequest(String path, long length, UUID request) {}
