package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/** Removes a name; symbolic links are not followed. What no name leads to any more goes in the background. */
@Serde
public record RemoveRequest(Credentials caller, PathAt at, Kind kind, UUID request) {
    /** What may be removed. */
    @Serde
    public enum Kind {
        /** A file or symbolic link. */
        UNLINK,
        /** An empty directory. */
        RMDIR,
        /** Anything, a directory with all that is in it. */
        RECURSIVE,
        /**
         * Anything, into the caller's directory in {@code /.trash}, from where it may be moved back until it expires; a
         * directory whose quota is not that of the root cannot go there.
         */
        TRASH
    }
}
