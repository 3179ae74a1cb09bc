package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.Optional;

/**
 * What a storage service says of one of its targets in a heartbeat.
 *
 * @param filling of its successor, while that goes on
 */
@Serde
public record LocalTarget(
        long targetId,
        LocalState state,
        int chainVersion,
        long usedBytes,
        long capacityBytes,
        Optional<Filling> filling) {
    /** One that fills nobody. */
    public LocalTarget(long targetId, LocalState state, int chainVersion, long usedBytes, long capacityBytes) {
        this(targetId, state, chainVersion, usedBytes, capacityBytes, Optional.empty());
    }
}
