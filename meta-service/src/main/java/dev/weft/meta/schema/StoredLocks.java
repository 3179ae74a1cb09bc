package dev.weft.meta.schema;

import dev.weft.api.meta.FileLock;
import dev.weft.serde.Serde;
import java.util.List;

/** All locks on a file; its inode is in the key. */
@Serde
public record StoredLocks(List<FileLock> locks) {}
