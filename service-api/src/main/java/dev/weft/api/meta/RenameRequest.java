package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Moves a name. Symbolic links at its end are not followed. */
@Serde
public record RenameRequest(Credentials caller, PathAt from, PathAt to, Mode mode, UUID request) {
    /** What becomes of something that is at {@code to} already. */
    @Serde
    public enum Mode {
        /** A file or an empty directory goes, as POSIX has it. */
        REPLACE,
        /** The rename is refused. */
        NO_REPLACE,
        /** It changes places with {@code from}, of whatever type both are; both must be there. */
        EXCHANGE
    }
}
