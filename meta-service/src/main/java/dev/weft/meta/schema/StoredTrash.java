package dev.weft.meta.schema;

import dev.weft.serde.Serde;

/** Where in the trash something is that expires; when, and its inode, are in the key. */
@Serde
public record StoredTrash(long parentId, String name) {}
