package dev.weft.meta.schema;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.Layout;
import dev.weft.serde.Serde;
import java.time.Instant;
import java.util.Optional;

/** An inode in the store; its id is in the key. */
@Serde
public record StoredInode(
        FileType type,
        int permissions,
        int owner,
        int group,
        int links,
        long length,
        long truncations,
        Instant created,
        Instant modified,
        Optional<Layout> layout) {
    public static StoredInode directory(int permissions, Instant now) {
        // A directory is named by its parent and by itself.
        return new StoredInode(FileType.DIRECTORY, permissions, 0, 0, 2, 0, 0, now, now, Optional.empty());
    }

    public static StoredInode file(int permissions, Layout layout, Instant now) {
        return new StoredInode(FileType.FILE, permissions, 0, 0, 1, 0, 0, now, now, Optional.of(layout));
    }

    public StoredInode withLength(long newLength, Instant now) {
        return new StoredInode(type, permissions, owner, group, links, newLength, truncations, created, now, layout);
    }

    /** After a truncation to {@code newLength}. */
    public StoredInode truncatedTo(long newLength, Instant now) {
        return new StoredInode(
                type, permissions, owner, group, links, newLength, truncations + 1, created, now, layout);
    }

    public Inode toInode(long inodeId) {
        return new Inode(
                inodeId, type, permissions, owner, group, links, length, truncations, created, modified, layout);
    }
}
