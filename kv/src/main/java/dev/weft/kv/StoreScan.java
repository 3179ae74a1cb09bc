package dev.weft.kv;

import dev.weft.serde.Serde;

/** Reads a range of a snapshot from its beginning on. */
@Serde
public record StoreScan(long snapshot, StoreRange range) {}
