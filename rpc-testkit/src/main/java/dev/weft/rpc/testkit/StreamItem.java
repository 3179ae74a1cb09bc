package dev.weft.rpc.testkit;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** One of many. */
@Serde
public record StreamItem(int number, MemorySegment bytes) {}
