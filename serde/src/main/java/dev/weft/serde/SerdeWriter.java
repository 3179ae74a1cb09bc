package dev.weft.serde;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** Encoder's sink: bytes in little-endian order, growing up to a limit. Not thread-safe. */
public final class SerdeWriter {
    private byte[] bytes;
    private int position;

    private SerdeWriter(int sizeHint) {
        this.bytes = new byte[sizeHint];
    }

    public static SerdeWriter create(int sizeHint) {
        return new SerdeWriter(sizeHint);
    }

    public void putByte(byte value) {
        reserve(1);
        bytes[position++] = value;
    }

    public void putInt(int value) {
        reserve(4);
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_INT_UNALIGNED, position, value);
        position += 4;
    }

    public void putLong(long value) {
        reserve(8);
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, position, value);
        position += 8;
    }

    /** Bytes written so far. */
    public long size() {
        return position;
    }

    /** What was written, in order; more than one part if large segments were attached rather than copied. */
    public List<MemorySegment> parts() {
        return List.of(MemorySegment.ofArray(bytes).asSlice(0, position));
    }

    private void reserve(int more) {
        if (bytes.length - position < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + more));
        }
    }
}
