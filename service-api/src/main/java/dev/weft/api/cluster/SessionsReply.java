package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The sessions of clients. */
@Serde
public record SessionsReply(List<Session> sessions) {
    /**
     * One client.
     *
     * @param opened by the clock of the manager of that time, for people
     * @param silent since its last sign of life, or since the manager became the primary
     */
    @Serde
    public record Session(UUID clientId, String description, Instant opened, Duration silent) {}
}
