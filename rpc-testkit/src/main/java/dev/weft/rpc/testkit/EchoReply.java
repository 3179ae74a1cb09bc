package dev.weft.rpc.testkit;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** What came. */
@Serde
public record EchoReply(String text, MemorySegment bytes) {}
