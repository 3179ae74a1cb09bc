package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Creates a symbolic link; nothing need be at {@code target}. */
@Serde
public record SymlinkRequest(Credentials caller, PathAt at, String target, UUID request) {
    public static final int TARGET_BYTES_MAX = 4095;
}
