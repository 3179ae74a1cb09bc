package dev.weft.rpc.testkit;

import dev.weft.serde.Serde;

/** A word. */
@Serde
public record TextRequest(String text) {}
