package dev.weft.serde.processor.model;

import dev.weft.serde.Serde;
import dev.weft.serde.Tag;
import dev.weft.serde.Unknown;
import java.lang.foreign.MemorySegment;

@Serde
public sealed interface Shape {
    @Serde
    record Circle(Point center, int radius) implements Shape {}

    @Serde
    @Tag(7)
    record Line(Point from, Point to) implements Shape {}

    @Unknown
    record Other(int tag, MemorySegment body) implements Shape {}
}
