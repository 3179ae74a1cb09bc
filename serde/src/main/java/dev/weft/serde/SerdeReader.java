package dev.weft.serde;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Decoder's source. Not thread-safe. */
public final class SerdeReader {
    private final MemorySegment segment;
    private long position;

    private SerdeReader(MemorySegment segment) {
        this.segment = segment;
    }

    public static SerdeReader of(MemorySegment segment) {
        return new SerdeReader(segment);
    }

    public byte getByte() {
        byte value = segment.get(ValueLayout.JAVA_BYTE, position);
        position += 1;
        return value;
    }

    public int getInt() {
        int value = segment.get(ValueLayout.JAVA_INT_UNALIGNED, position);
        position += 4;
        return value;
    }

    public long getLong() {
        long value = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, position);
        position += 8;
        return value;
    }

    /** Bytes not yet read. */
    public long remaining() {
        return segment.byteSize() - position;
    }
}
