package dev.weft.meta.schema;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Layout;
import dev.weft.serde.Serde;
import java.util.Optional;
import java.util.UUID;

/** What an inode is, with what only such an inode has. */
@Serde
public sealed interface StoredContent {
    @Serde
    record File(long length, long truncations, Layout layout) implements StoredContent {}

    /**
     * A directory, with the way back to the one entry that leads to it.
     *
     * @param chunkSize of new files in it that do not say; zero for the server's default
     * @param stripes likewise
     * @param lockedBy the client that alone may change names in it
     */
    @Serde
    record Directory(long parentId, String name, int chunkSize, int stripes, Optional<UUID> lockedBy)
            implements StoredContent {
        /** The same directory elsewhere. */
        public Directory at(long newParentId, String newName) {
            return new Directory(newParentId, newName, chunkSize, stripes, lockedBy);
        }

        public Directory withLayout(int newChunkSize, int newStripes) {
            return new Directory(parentId, name, newChunkSize, newStripes, lockedBy);
        }

        public Directory withLock(Optional<UUID> client) {
            return new Directory(parentId, name, chunkSize, stripes, client);
        }
    }

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
