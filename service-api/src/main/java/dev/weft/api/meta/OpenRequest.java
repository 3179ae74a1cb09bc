package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Opens a file that is there, following symbolic links; {@code truncate} makes it empty. */
@Serde
public record OpenRequest(Credentials caller, PathAt at, Mode mode, boolean truncate, UUID request) {
    /** What for. Reading needs no session: it only is checked whether it is allowed. */
    @Serde
    public enum Mode {
        READ,
        WRITE,
        READ_AND_WRITE
    }
}
