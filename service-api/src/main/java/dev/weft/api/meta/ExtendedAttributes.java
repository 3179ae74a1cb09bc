package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Names with values, in the order of the names' UTF-8 bytes. */
@Serde
public record ExtendedAttributes(List<Attribute> attributes) {
    /** A name and the bytes at it. */
    @Serde
    public record Attribute(String name, MemorySegment value) {}
}
