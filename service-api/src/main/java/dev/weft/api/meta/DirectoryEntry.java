package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.Optional;

/**
 * A name in a directory, with what it stands for.
 *
 * @param attributes if they were asked for
 */
@Serde
public record DirectoryEntry(String name, long inodeId, FileType type, Optional<Inode> attributes) {
    /** The attributes, where they were asked for. */
    public Inode inode() {
        return attributes.orElseThrow();
    }
}
