package dev.weft.serde;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Encoder's sink: a byte array that grows, in little-endian order. Not thread-safe.
 *
 * <p>A segment of {@link #ATTACH_BYTES_MIN} bytes or more is not copied but attached: it must stay unchanged until the
 * message is sent, and {@link #parts()} names it between the copied bytes, so that a transport can gather them in one
 * system call.
 *
 * <p>Generated code claims the room of a run of fixed-width fields once and sets each at its position:
 *
 * {@snippet :
 * int at = out.claim(12);
 * out.setLong(at, value.inodeId());
 * out.setInt(at + 8, value.index());
 * }
 */
public final class SerdeWriter {
    /** Below this, copying a segment costs less than one more entry in a gather write. */
    public static final int ATTACH_BYTES_MIN = 16 * 1024;

    /** Some virtual machines refuse arrays a few elements shorter than the greatest int. */
    private static final int ARRAY_LENGTH_MAX = Integer.MAX_VALUE - 16;

    /** Longest varint of 32 bits. */
    private static final int COUNT_BYTES_MAX = 5;

    private byte[] bytes;
    private int position;
    private final Attachments attachments = new Attachments();

    private SerdeWriter(int sizeHint) {
        this.bytes = new byte[Math.max(sizeHint, 16)];
    }

    /**
     * An empty writer.
     *
     * @param sizeHint bytes to make room for at first
     */
    public static SerdeWriter create(int sizeHint) {
        return new SerdeWriter(sizeHint);
    }

    /** Forgets what was written and attached, and keeps the array: for the next message. */
    public void reset() {
        position = 0;
        attachments.clear();
    }

    /** Makes room for {@code count} bytes and returns their position, for the {@code set} methods. */
    public int claim(int count) {
        int at = position;
        if (count > bytes.length - at) {
            grow(count);
        }
        position = at + count;
        return at;
    }

    public void setBoolean(int position, boolean value) {
        bytes[position] = (byte) (value ? 1 : 0);
    }

    public void setByte(int position, byte value) {
        bytes[position] = value;
    }

    public void setShort(int position, short value) {
        LittleEndian.SHORT.set(bytes, position, value);
    }

    public void setChar(int position, char value) {
        LittleEndian.SHORT.set(bytes, position, (short) value);
    }

    /** Overwrites four bytes; {@code position} is one that {@link #claim} or {@link #arrayLength} gave. */
    public void setInt(int position, int value) {
        LittleEndian.INT.set(bytes, position, value);
    }

    public void setLong(int position, long value) {
        LittleEndian.LONG.set(bytes, position, value);
    }

    public void setFloat(int position, float value) {
        setInt(position, Float.floatToRawIntBits(value));
    }

    public void setDouble(int position, double value) {
        setLong(position, Double.doubleToRawLongBits(value));
    }

    public void setDuration(int position, Duration value) {
        setLong(position, value.getSeconds());
        setInt(position + 8, value.getNano());
    }

    public void setInstant(int position, Instant value) {
        setLong(position, value.getEpochSecond());
        setInt(position + 8, value.getNano());
    }

    public void setUuid(int position, UUID value) {
        setLong(position, value.getMostSignificantBits());
        setLong(position + 8, value.getLeastSignificantBits());
    }

    public void putBoolean(boolean value) {
        setBoolean(claim(1), value);
    }

    public void putByte(byte value) {
        setByte(claim(1), value);
    }

    public void putShort(short value) {
        setShort(claim(2), value);
    }

    public void putChar(char value) {
        setChar(claim(2), value);
    }

    public void putInt(int value) {
        setInt(claim(4), value);
    }

    public void putLong(long value) {
        setLong(claim(8), value);
    }

    public void putFloat(float value) {
        setFloat(claim(4), value);
    }

    public void putDouble(double value) {
        setDouble(claim(8), value);
    }

    public void putDuration(Duration value) {
        setDuration(claim(12), value);
    }

    public void putInstant(Instant value) {
        setInstant(claim(12), value);
    }

    public void putUuid(UUID value) {
        setUuid(claim(16), value);
    }

    public void putOptionalInt(OptionalInt value) {
        putBoolean(value.isPresent());
        if (value.isPresent()) {
            putInt(value.getAsInt());
        }
    }

    public void putOptionalLong(OptionalLong value) {
        putBoolean(value.isPresent());
        if (value.isPresent()) {
            putLong(value.getAsLong());
        }
    }

    public void putOptionalDouble(OptionalDouble value) {
        putBoolean(value.isPresent());
        if (value.isPresent()) {
            putDouble(value.getAsDouble());
        }
    }

    /** A number of elements or bytes: seven bits per byte, least significant first, high bit set on all but the last. */
    public void putCount(int value) {
        if (COUNT_BYTES_MAX > bytes.length - position) {
            grow(COUNT_BYTES_MAX);
        }
        position = setCount(position, value);
    }

    private int setCount(int position, int value) {
        int at = position;
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    /**
     * Count of bytes, then UTF-8.
     *
     * @throws SerdeException if half of a surrogate pair is missing, since UTF-8 cannot say that
     */
    public void putString(String value) {
        int length = value.length();
        if (length > ARRAY_LENGTH_MAX - COUNT_BYTES_MAX || length + COUNT_BYTES_MAX > bytes.length - position) {
            grow(length + COUNT_BYTES_MAX);
        }
        int at = setCount(position, length);
        byte[] target = bytes;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                putNonAsciiString(value);
                return;
            }
            target[at + i] = (byte) c;
        }
        position = at + length;
    }

    private void putNonAsciiString(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        // An unpaired surrogate is encoded as '?', so that only such a string does not survive the way back.
        if (!new String(encoded, StandardCharsets.UTF_8).equals(value)) {
            throw new SerdeException(size(), "string has an unpaired surrogate");
        }
        putBytes(encoded);
    }

    /** Count of bytes, then the bytes. */
    public void putBytes(byte[] value) {
        putCount(value.length);
        int at = claim(value.length);
        System.arraycopy(value, 0, bytes, at, value.length);
    }

    /** Count of bytes, then the bytes, attached if there are many. */
    public void putSegment(MemorySegment value) {
        putCount(lengthOf(value));
        append(value);
    }

    /** A table whose content is known already: length in four bytes, then the bytes. */
    public void putTable(MemorySegment content) {
        putInt(lengthOf(content));
        append(content);
    }

    private int lengthOf(MemorySegment value) {
        if (value.byteSize() > ARRAY_LENGTH_MAX) {
            throw new SerdeException(size(), "segment of " + value.byteSize() + " bytes is too long");
        }
        return (int) value.byteSize();
    }

    private void append(MemorySegment value) {
        if (value.byteSize() >= ATTACH_BYTES_MIN) {
            attachments.add(position, value);
            return;
        }
        int length = (int) value.byteSize();
        int at = claim(length);
        MemorySegment.copy(value, 0, MemorySegment.ofArray(bytes), at, length);
    }

    /** Sets the length of the table that begins with the four bytes at {@code position} to all that follows it. */
    public void endTable(int position) {
        int length = this.position - position - Integer.BYTES;
        setInt(position, attachments.isEmpty() ? length : lengthWithAttached(position, length));
    }

    private int lengthWithAttached(int position, int copied) {
        long length = copied + attachments.bytesFrom(position + Integer.BYTES);
        if (length > Integer.MAX_VALUE) {
            throw new SerdeException(size(), "record of " + length + " bytes is too long");
        }
        return (int) length;
    }

    /** Bytes written so far, attached ones included. */
    public long size() {
        return position + attachments.bytesFrom(0);
    }

    /**
     * The copied bytes: the first {@link #arrayLength()} of this array, valid until the next {@code put}. They are the
     * whole message unless {@link #hasAttachments()}.
     */
    public byte[] array() {
        return bytes;
    }

    public int arrayLength() {
        return position;
    }

    /** Whether {@link #parts()} has more than the copied bytes. */
    public boolean hasAttachments() {
        return !attachments.isEmpty();
    }

    /** What was written, in order; exactly one part unless segments were attached. */
    public List<MemorySegment> parts() {
        MemorySegment copied = MemorySegment.ofArray(bytes).asSlice(0, position);
        return attachments.isEmpty() ? List.of(copied) : attachments.between(copied);
    }

    /** A copy of the whole message in one array. */
    public byte[] toByteArray() {
        if (attachments.isEmpty()) {
            return Arrays.copyOf(bytes, position);
        }
        byte[] message = new byte[Math.toIntExact(size())];
        MemorySegment target = MemorySegment.ofArray(message);
        long at = 0;
        for (MemorySegment part : parts()) {
            MemorySegment.copy(part, 0, target, at, part.byteSize());
            at += part.byteSize();
        }
        return message;
    }

    private void grow(int more) {
        long needed = (long) position + more;
        if (more < 0 || needed > ARRAY_LENGTH_MAX) {
            throw new SerdeException(size(), "message longer than " + ARRAY_LENGTH_MAX + " bytes");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(ARRAY_LENGTH_MAX, Math.max(bytes.length * 2L, needed)));
    }
}
