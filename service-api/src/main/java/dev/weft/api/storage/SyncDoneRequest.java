package dev.weft.api.storage;

import dev.weft.serde.Serde;

/**
 * Tells a target that its predecessor has brought it everything.
 *
 * @param versionFloor the highest version at which any chunk of the predecessor was removed: a chunk that is created later
 *     begins above it
 */
@Serde
public record SyncDoneRequest(ChainRef chain, long targetId, long versionFloor) {}
