package dev.weft.kv;

import dev.weft.kv.engine.Counter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable byte string, ordered as unsigned bytes: what keys and values of a {@link KeyValueStore} are. */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Bytes copyOf(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    public static Bytes copyOf(MemorySegment bytes) {
        return new Bytes(bytes.toArray(ValueLayout.JAVA_BYTE));
    }

    /** Without copying: the caller gives the array up. */
    public static Bytes wrap(byte[] bytes) {
        return new Bytes(bytes);
    }

    public static Bytes ofUtf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Eight bytes, big-endian, so that unsigned numbers keep their order. */
    public static Bytes ofLong(long value) {
        byte[] bytes = new byte[Long.BYTES];
        MemorySegment.ofArray(bytes).set(BIG_ENDIAN_LONG, 0, value);
        return new Bytes(bytes);
    }

    /** All parts in order. */
    public static Bytes concat(Bytes... parts) {
        int length = 0;
        for (Bytes part : parts) {
            length = Math.addExact(length, part.length());
        }
        byte[] all = new byte[length];
        int position = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.bytes, 0, all, position, part.length());
            position += part.length();
        }
        return new Bytes(all);
    }

    public int length() {
        return bytes.length;
    }

    public byte at(int index) {
        return bytes[index];
    }

    /** The big-endian number in the eight bytes from {@code offset} on. */
    public long longAt(int offset) {
        return MemorySegment.ofArray(bytes).get(BIG_ENDIAN_LONG, offset);
    }

    /** The number in a counter, as {@link Transaction#add} has it; zero if this is no counter. */
    public long counter() {
        return Counter.decode(this);
    }

    public Bytes from(int offset) {
        return new Bytes(Arrays.copyOfRange(bytes, offset, bytes.length));
    }

    public boolean startsWith(Bytes prefix) {
        return length() >= prefix.length()
                && Arrays.equals(bytes, 0, prefix.length(), prefix.bytes, 0, prefix.length());
    }

    /** The smallest byte string greater than this one: one zero byte longer. */
    public Bytes next() {
        return new Bytes(Arrays.copyOf(bytes, bytes.length + 1));
    }

    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The bytes to read from; read-only. */
    public MemorySegment segment() {
        return MemorySegment.ofArray(bytes).asReadOnly();
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    /** The array itself, for handing to an engine that only reads it: who writes to it breaks the order of a store. */
    public byte[] unsafeArray() {
        return bytes;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For people: hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
