package dev.weft.serde;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decoder's source, made for bytes that nobody vouches for. Not thread-safe.
 *
 * <p>Every method throws {@link SerdeException} if the bytes end early or are not valid; the reader is of no use after
 * that. Nothing is allocated before the bytes that justify it are known to be there.
 */
public final class SerdeReader {
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private final MemorySegment segment;
    /** The array behind {@link #segment}; null if there is none, or if the segment is read-only. */
    private final byte @Nullable [] bytes;
    /** Where the message begins in {@link #bytes}, or 0. */
    private final int base;

    private final int depthMax;

    private int position;
    /** End of the innermost table that is being read. */
    private int limit;

    private int depth;

    private SerdeReader(MemorySegment segment, SerdeLimits limits) {
        if (segment.byteSize() > limits.bytesMax()) {
            throw new SerdeException(0, "message of " + segment.byteSize() + " bytes exceeds " + limits.bytesMax());
        }
        this.segment = segment;
        this.bytes = segment.heapBase().orElse(null) instanceof byte[] array ? array : null;
        this.base = bytes == null ? 0 : (int) segment.address();
        this.depthMax = limits.depthMax();
        this.position = base;
        this.limit = base + (int) segment.byteSize();
    }

    /** Reads with {@link SerdeLimits#DEFAULT}. */
    public static SerdeReader of(MemorySegment segment) {
        return new SerdeReader(segment, SerdeLimits.DEFAULT);
    }

    public static SerdeReader of(MemorySegment segment, SerdeLimits limits) {
        return new SerdeReader(segment, limits);
    }

    /** Bytes read so far. */
    public long position() {
        return (long) position - base;
    }

    /** Bytes not yet read, up to the end of the innermost table. */
    public long remaining() {
        return (long) limit - position;
    }

    /** Whether the innermost table has a further field; one that an older writer did not know is missing. */
    public boolean hasMore() {
        return position < limit;
    }

    /** Enters a table: what is read next ends where the table ends. Returns what {@link #leaveTable} wants. */
    public int enterTable() {
        int length = getInt();
        if (length < 0 || length > limit - position) {
            throw tooShort(Integer.toUnsignedLong(length));
        }
        if (++depth > depthMax) {
            throw failure("records nest deeper than " + depthMax);
        }
        int outer = limit;
        limit = position + length;
        return outer;
    }

    /** Leaves a table, past fields that a newer writer may have appended. */
    public void leaveTable(int outer) {
        position = limit;
        limit = outer;
        depth--;
    }

    /** The content of a table, unread: a view of the message. */
    public MemorySegment getTable() {
        int length = getInt();
        if (length < 0) {
            throw tooShort(Integer.toUnsignedLong(length));
        }
        int at = advance(length);
        return segment.asSlice(at - base, length);
    }

    public boolean getBoolean() {
        byte value = getByte();
        if ((value & ~1) != 0) {
            throw failure("boolean is " + value);
        }
        return value == 1;
    }

    public byte getByte() {
        int at = advance(1);
        byte[] array = bytes;
        return array != null ? array[at] : segment.get(ValueLayout.JAVA_BYTE, at);
    }

    public short getShort() {
        int at = advance(2);
        byte[] array = bytes;
        return array != null ? (short) LittleEndian.SHORT.get(array, at) : segment.get(LittleEndian.SEGMENT_SHORT, at);
    }

    public char getChar() {
        return (char) getShort();
    }

    public int getInt() {
        int at = advance(4);
        byte[] array = bytes;
        return array != null ? (int) LittleEndian.INT.get(array, at) : segment.get(LittleEndian.SEGMENT_INT, at);
    }

    public long getLong() {
        int at = advance(8);
        byte[] array = bytes;
        return array != null ? (long) LittleEndian.LONG.get(array, at) : segment.get(LittleEndian.SEGMENT_LONG, at);
    }

    public float getFloat() {
        return Float.intBitsToFloat(getInt());
    }

    public double getDouble() {
        return Double.longBitsToDouble(getLong());
    }

    public Duration getDuration() {
        long seconds = getLong();
        return Duration.ofSeconds(seconds, getNanos());
    }

    public Instant getInstant() {
        long seconds = getLong();
        int nanos = getNanos();
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException outOfRange) {
            throw new SerdeException(position(), "instant of " + seconds + " s is out of range", outOfRange);
        }
    }

    private int getNanos() {
        int nanos = getInt();
        if (nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw failure("nanoseconds are " + nanos);
        }
        return nanos;
    }

    public UUID getUuid() {
        long most = getLong();
        return new UUID(most, getLong());
    }

    public OptionalInt getOptionalInt() {
        return getBoolean() ? OptionalInt.of(getInt()) : OptionalInt.empty();
    }

    public OptionalLong getOptionalLong() {
        return getBoolean() ? OptionalLong.of(getLong()) : OptionalLong.empty();
    }

    public OptionalDouble getOptionalDouble() {
        return getBoolean() ? OptionalDouble.of(getDouble()) : OptionalDouble.empty();
    }

    /**
     * A number of elements of which each takes {@code elementBytesMin} bytes or more.
     *
     * @throws SerdeException if so many elements cannot be there
     */
    public int getCount(int elementBytesMin) {
        int count = getByte();
        if (count < 0) {
            count = getLongCount(count & 0x7F);
        }
        if ((long) count * elementBytesMin > limit - position) {
            throw tooShort((long) count * elementBytesMin);
        }
        return count;
    }

    private int getLongCount(int first) {
        long count = first;
        for (int shift = 7; shift < 35; shift += 7) {
            byte next = getByte();
            count |= (long) (next & 0x7F) << shift;
            if (next >= 0 && count <= Integer.MAX_VALUE) {
                return (int) count;
            }
        }
        throw failure("count exceeds " + Integer.MAX_VALUE);
    }

    /** A number that stands for an enum constant; it is the codec's to know what it means. */
    public int getNumber() {
        return getCount(0);
    }

    /**
     * Count of bytes, then UTF-8.
     *
     * @throws SerdeException also if the bytes are not UTF-8
     */
    public String getString() {
        int length = getCount(1);
        int at = advance(length);
        String value;
        if (bytes != null) {
            value = new String(bytes, at, length, StandardCharsets.UTF_8);
        } else {
            value = new String(segment.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
        // What is not UTF-8 was replaced by this character. The search is free for strings of Latin-1.
        if (value.indexOf('\uFFFD') >= 0) {
            checkUtf8(at, length);
        }
        return value;
    }

    private void checkUtf8(int at, int length) {
        ByteBuffer encoded = segment.asSlice(at - base, length).asByteBuffer();
        try {
            StandardCharsets.UTF_8.newDecoder().decode(encoded);
        } catch (CharacterCodingException malformed) {
            throw new SerdeException(at - base, "string of " + length + " bytes is not UTF-8", malformed);
        }
    }

    /** A copy. */
    public byte[] getBytes() {
        return getSegment().toArray(ValueLayout.JAVA_BYTE);
    }

    /** A view of the message, as long valid as the message's memory. */
    public MemorySegment getSegment() {
        int length = getCount(1);
        int at = advance(length);
        return segment.asSlice(at - base, length);
    }

    /** What to throw when the bytes read last make no sense. */
    public SerdeException failure(String reason) {
        return new SerdeException(position(), reason);
    }

    /** What to throw when a constructor refuses what was read. */
    public SerdeException refused(String type, RuntimeException refusal) {
        return new SerdeException(position(), type + " refuses its fields: " + refusal.getMessage(), refusal);
    }

    private int advance(int count) {
        int at = position;
        if (count > limit - at) {
            throw tooShort(count);
        }
        position = at + count;
        return at;
    }

    private SerdeException tooShort(long needed) {
        return failure("needs " + needed + " bytes, " + remaining() + " remain");
    }
}
