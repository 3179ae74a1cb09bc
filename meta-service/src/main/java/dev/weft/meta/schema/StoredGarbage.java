package dev.weft.meta.schema;

import dev.weft.api.meta.FileType;
import dev.weft.serde.Serde;

/** An inode that no name leads to any more, with what hangs below it. */
@Serde
public record StoredGarbage(long inodeId, FileType type) {}
