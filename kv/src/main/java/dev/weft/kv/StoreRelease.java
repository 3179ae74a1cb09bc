package dev.weft.kv;

import dev.weft.serde.Serde;

/** Gives up a snapshot. */
@Serde
public record StoreRelease(long snapshot) {}
