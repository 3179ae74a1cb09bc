package dev.weft.meta.schema;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/**
 * A request that was carried out, kept so that its repetition finds the work done; the request's UUID is in the key.
 *
 * @param reply encoded; empty for an operation without one
 */
@Serde
public record StoredRequest(Operation operation, MemorySegment reply, Instant at) {
    /** What was asked for. A UUID that comes back with another operation is refused. */
    @Serde
    public enum Operation {
        CREATE,
        OPEN,
        MKDIR,
        RENAME,
        REMOVE,
        TRUNCATE,
        SYMLINK,
        LINK,
        SET_ATTRIBUTES,
        SET_EXTENDED,
        SET_QUOTA,
        SET_LAYOUT,
        LOCK_DIRECTORY
    }
}
