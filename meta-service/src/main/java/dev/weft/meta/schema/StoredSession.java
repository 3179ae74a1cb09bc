package dev.weft.meta.schema;

import dev.weft.serde.Serde;
import java.time.Instant;
import java.util.UUID;

/** A file open for writing; inode and session are in the key. */
@Serde
public record StoredSession(UUID client, Instant opened, int user) {}
