package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Removes a file, an empty directory or, if {@code recursive}, a whole tree; its chunks go in the background. */
@Serde
public record RemoveRequest(String path, Kind kind, UUID request) {
    /** What may be removed. */
    @Serde
    public enum Kind {
        UNLINK,
        RMDIR,
        RECURSIVE
    }
}
