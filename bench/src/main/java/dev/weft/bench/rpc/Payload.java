package dev.weft.bench.rpc;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** What is echoed. */
@Serde
public record Payload(MemorySegment bytes) {}
