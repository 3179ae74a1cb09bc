package dev.weft.kv;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The value of a key, or nothing if it is not there. */
@Serde
public record StoreValue(Optional<MemorySegment> value) {}
