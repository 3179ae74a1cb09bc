package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** What an inode is. */
@Serde
public enum FileType {
    FILE,
    DIRECTORY,
    SYMLINK
}
