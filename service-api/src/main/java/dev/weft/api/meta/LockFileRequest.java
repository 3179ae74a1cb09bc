package dev.weft.api.meta;

import dev.weft.serde.Serde;

/**
 * Asks for a lock on a file, without waiting: who must wait asks again. A client's locks are held while its lease lasts,
 * which each of these requests extends.
 *
 * @param inodeId of a file that the caller has open
 * @param lock wanted; its client is the caller's
 */
@Serde
public record LockFileRequest(Credentials caller, long inodeId, FileLock lock, Mode mode) {
    /** Locks of an owner on one file. */
    public static final int LOCKS_MAX = 1000;

    /** What to do. */
    @Serde
    public enum Mode {
        LOCK,
        UNLOCK,
        /** Only say who is in the way. */
        TEST
    }
}
