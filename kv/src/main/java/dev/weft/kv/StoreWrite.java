package dev.weft.kv;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** A write to one key. */
@Serde
public sealed interface StoreWrite {
    @Serde
    record Put(MemorySegment key, MemorySegment value) implements StoreWrite {}

    @Serde
    record Remove(MemorySegment key) implements StoreWrite {}

    @Serde
    record Add(MemorySegment key, long delta) implements StoreWrite {}

    /** The key is prefix, versionstamp and suffix. */
    @Serde
    record Stamped(MemorySegment prefix, MemorySegment suffix, MemorySegment value) implements StoreWrite {}
}
