package dev.weft.api.cluster;

import dev.weft.serde.Serde;

/** A chain gets {@code to} as a new replica; once that serves, {@code from} leaves. */
@Serde
public record Move(int chainId, long from, long to) {}
