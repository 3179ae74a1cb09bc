package dev.weft.kv;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** Keys from {@code begin} up to but not including {@code end}. */
@Serde
public record StoreRange(MemorySegment begin, MemorySegment end) {
    static StoreRange of(KeyRange range) {
        return new StoreRange(range.begin().segment(), range.end().segment());
    }

    /** @throws IllegalArgumentException if it ends before it begins */
    KeyRange toRange() {
        return new KeyRange(Bytes.copyOf(begin), Bytes.copyOf(end));
    }
}
