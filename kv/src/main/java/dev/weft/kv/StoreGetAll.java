package dev.weft.kv;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Reads keys of a snapshot.
 *
 * @param keys 1 to {@link #KEYS_MAX}
 */
@Serde
public record StoreGetAll(long snapshot, List<MemorySegment> keys) {
    public static final int KEYS_MAX = 1000;
}
