package dev.weft.bench.stream;

import dev.weft.serde.Serde;

/** How many pieces to send, and of how many bytes. */
@Serde
public record StreamOrder(int pieces, int bytes) {}
