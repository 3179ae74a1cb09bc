package dev.weft.kv;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** Reads one key of a snapshot. */
@Serde
public record StoreGet(long snapshot, MemorySegment key) {}
