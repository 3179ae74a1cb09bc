package dev.weft.kv;

import dev.weft.serde.Serde;

/**
 * A version that is held.
 *
 * @param snapshot names it in what follows
 */
@Serde
public record StoreSnapshot(long snapshot, long version) {}
