package dev.weft.meta.schema;

import dev.weft.api.meta.FileType;
import dev.weft.serde.Serde;

/**
 * What a name in a directory stands for; parent and name are in the key.
 *
 * @param type as the inode has it, so that a path is followed without reading inodes
 */
@Serde
public record StoredEntry(long inodeId, FileType type) {}
