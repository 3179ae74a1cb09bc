package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** Why a metadata operation was refused: the POSIX error and the path or value it is about. */
@Serde
public record MetaFault(Kind kind, String message) {
    /** Named after the POSIX errors. */
    @Serde
    public enum Kind {
        NOT_FOUND,
        EXISTS,
        NOT_A_DIRECTORY,
        IS_A_DIRECTORY,
        NOT_EMPTY,
        INVALID,
        NAME_TOO_LONG,
        NO_SPACE,
        BUSY
    }
}
