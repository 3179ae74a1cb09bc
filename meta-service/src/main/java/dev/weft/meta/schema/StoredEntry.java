package dev.weft.meta.schema;

import dev.weft.api.meta.FileType;
import dev.weft.serde.Serde;
import java.util.Optional;

/**
 * What a name in a directory stands for; parent and name are in the key.
 *
 * @param type as the inode has it
 * @param access of a directory, as its inode has it: so a path is followed, permissions and all, without reading inodes
 */
@Serde
public record StoredEntry(long inodeId, FileType type, Optional<StoredAccess> access) {
    public static StoredEntry of(long inodeId, StoredInode inode) {
        return new StoredEntry(
                inodeId, inode.type(), inode.isDirectory() ? Optional.of(inode.access()) : Optional.empty());
    }

    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }
}
