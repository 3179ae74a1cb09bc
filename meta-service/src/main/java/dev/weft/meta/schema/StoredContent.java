package dev.weft.meta.schema;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Layout;
import dev.weft.serde.Serde;

/** What an inode is, with what only such an inode has. */
@Serde
public sealed interface StoredContent {
    @Serde
    record File(long length, long truncations, Layout layout) implements StoredContent {}

    /** A directory, with the way back to the one entry that leads to it. */
    @Serde
    record Directory(long parentId, String name) implements StoredContent {}

    @Serde
    record Symlink(String target) implements StoredContent {}

    default FileType type() {
        return switch (this) {
            case File _ -> FileType.FILE;
            case Directory _ -> FileType.DIRECTORY;
            case Symlink _ -> FileType.SYMLINK;
        };
    }
}
