package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * A file that is open for writing.
 *
 * @param session names the open; the writer closes it
 */
@Serde
public record OpenReply(Inode inode, UUID session) {}
