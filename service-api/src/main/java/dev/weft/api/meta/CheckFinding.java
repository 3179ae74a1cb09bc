package dev.weft.api.meta;

import dev.weft.serde.Serde;

/**
 * Something that is not as it should be.
 *
 * @param inodeId that it is about
 * @param repaired whether it is as it should be now
 */
@Serde
public record CheckFinding(Kind kind, long inodeId, String message, boolean repaired) {
    /** What is wrong. */
    @Serde
    public enum Kind {
        /** A name leads to nothing, or is in no directory, or is a directory's second one. */
        DANGLING_ENTRY,
        /** A name says something else of its inode than the inode. */
        WRONG_ENTRY,
        /** No name leads here from the root, though nothing was removed. */
        UNREACHABLE_INODE,
        /** An inode that was removed, and that no collector will find. */
        LOST_GARBAGE,
        /** Not as many names as the inode says. */
        WRONG_LINKS,
        /** Not as many directories in a directory as are counted. */
        WRONG_DIRECTORY_COUNT,
        /** Not as much below a directory as its quota has counted. */
        WRONG_QUOTA,
        /** A file that nobody writes is longer or shorter than its chunks. */
        WRONG_LENGTH,
        /** Chunks of no file, or on a chain where their file has none. */
        ORPHANED_CHUNKS
    }
}
