package dev.weft.meta.schema;

import dev.weft.serde.Serde;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A file open for writing; inode and session are in the key.
 *
 * @param ended when it was ended because its client was gone, kept to tell the client should it come back
 */
@Serde
public record StoredSession(UUID client, Instant opened, int user, Optional<Instant> ended) {
    public boolean isOpen() {
        return ended.isEmpty();
    }

    public StoredSession endedAt(Instant time) {
        return new StoredSession(client, opened, user, Optional.of(time));
    }
}
