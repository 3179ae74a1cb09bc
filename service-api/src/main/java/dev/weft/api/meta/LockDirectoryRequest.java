package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Keeps other clients from adding, removing and renaming names in a directory, not in those below it. Whoever may write the
 * directory may lock it; the lock is the client's, for all its users, and stays until it is given up.
 */
@Serde
public record LockDirectoryRequest(Credentials caller, PathAt at, Mode mode, UUID request) {
    /** What to do with the lock. */
    @Serde
    public enum Mode {
        /** Take it, unless another client has it. */
        LOCK,
        /** Take it from whoever has it; for the directory's owner. */
        PREEMPT,
        /** Give it up; nothing is done if it is not the caller's. */
        UNLOCK,
        /** Let nobody have it; for the directory's owner. */
        CLEAR
    }
}
