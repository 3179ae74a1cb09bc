package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Opens an existing file for writing. */
@Serde
public record OpenRequest(String path, UUID client, UUID request) {}
