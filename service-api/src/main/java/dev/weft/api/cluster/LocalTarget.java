package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/** What a storage service says of one of its targets in a heartbeat. */
@Serde
public record LocalTarget(long targetId, LocalState state, int chainVersion, long usedBytes, long capacityBytes) {}
