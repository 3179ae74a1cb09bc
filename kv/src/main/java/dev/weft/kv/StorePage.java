package dev.weft.kv;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Entries in key order.
 *
 * @param last whether the range has no more
 */
@Serde
public record StorePage(List<Entry> entries, boolean last) {
    @Serde
    public record Entry(MemorySegment key, MemorySegment value) {}
}
