package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.Optional;
import java.util.UUID;

/**
 * A file that is open.
 *
 * @param session names the open for writing; the writer closes it
 */
@Serde
public record OpenReply(Inode inode, Optional<UUID> session) {}
