package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * A lock on a part of a file. Locks of the two kinds do not know of each other; they bind only those who ask for locks.
 *
 * @param client that has it
 * @param owner whom the client has it for, as it numbers them: a process, or an open file
 * @param start first byte
 * @param end one past the last byte; {@link Long#MAX_VALUE} for all that follow
 */
@Serde
public record FileLock(UUID client, long owner, Kind kind, boolean exclusive, long start, long end) {
    /** By whose rules. */
    @Serde
    public enum Kind {
        /** A range, as {@code fcntl} locks: asking for a part of one's own changes that part. */
        RANGE,
        /** The whole file, as {@code flock} does. */
        WHOLE
    }

    public boolean isOf(UUID ofClient, long ofOwner, Kind ofKind) {
        return owner == ofOwner && kind == ofKind && client.equals(ofClient);
    }

    public boolean overlaps(FileLock other) {
        return start < other.end && other.start < end;
    }

    /** Whether the two cannot be held at the same time. */
    public boolean conflictsWith(FileLock other) {
        return kind == other.kind
                && (exclusive || other.exclusive)
                && overlaps(other)
                && !isOf(other.client, other.owner, other.kind);
    }

    /** The same for another part of the file. */
    public FileLock of(long newStart, long newEnd) {
        return new FileLock(client, owner, kind, exclusive, newStart, newEnd);
    }
}
