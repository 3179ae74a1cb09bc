package dev.weft.rpc.testkit;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** What is to come back. */
@Serde
public record EchoRequest(String text, MemorySegment bytes) {}
