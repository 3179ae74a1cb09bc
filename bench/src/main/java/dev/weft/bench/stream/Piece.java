package dev.weft.bench.stream;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** What is streamed. */
@Serde
public record Piece(MemorySegment bytes) {}
