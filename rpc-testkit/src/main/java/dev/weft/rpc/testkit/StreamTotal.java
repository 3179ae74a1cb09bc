package dev.weft.rpc.testkit;

import dev.weft.serde.Serde;

/** What all items of a stream are together. */
@Serde
public record StreamTotal(int items, long bytes) {}
