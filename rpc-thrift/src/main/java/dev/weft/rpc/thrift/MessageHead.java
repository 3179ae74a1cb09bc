package dev.weft.rpc.thrift;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How a Thrift message begins, in either encoding. Read by hand, since it decides what is done with bytes that nobody vouches
 * for, on a thread that must not do more.
 *
 * <pre>
 * binary:   80 01 00 type | length i32 | name | sequence i32                 big-endian
 * compact:  82 | type and version, 3 and 5 bits | sequence varint | length varint | name
 * </pre>
 *
 * @param type one of {@link org.apache.thrift.protocol.TMessageType}
 * @param name of the method, or {@code service:method}
 */
record MessageHead(Encoding encoding, byte type, String name, int sequence) {
    /** No IDL has longer names. */
    static final int NAME_BYTES_MAX = 512;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** @throws IllegalArgumentException if the message does not begin so; says what is wrong */
    static MessageHead read(MemorySegment message) {
        try {
            return switch (Encoding.of(message)) {
                case BINARY -> readBinary(message);
                case COMPACT -> readCompact(message);
            };
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "Thrift message of " + message.byteSize() + " bytes ends in its head", e);
        }
    }

    private static MessageHead readBinary(MemorySegment message) {
        byte type = checkedType(message.get(ValueLayout.JAVA_BYTE, 3));
        int length = checkedLength(message.get(INT, 4));
        String name = name(message, 8, length);
        return new MessageHead(Encoding.BINARY, type, name, message.get(INT, 8L + length));
    }

    private static MessageHead readCompact(MemorySegment message) {
        byte type = checkedType((byte) ((message.get(ValueLayout.JAVA_BYTE, 1) >> 5) & 7));
        long at = 2;
        int sequence = varint(message, at);
        at += varintBytes(message, at);
        int length = checkedLength(varint(message, at));
        at += varintBytes(message, at);
        return new MessageHead(Encoding.COMPACT, type, name(message, at, length), sequence);
    }

    private static byte checkedType(byte type) {
        if (type < 1 || type > 4) {
            throw new IllegalArgumentException("Thrift message of unknown type " + type);
        }
        return type;
    }

    private static int checkedLength(int length) {
        if (length < 0 || length > NAME_BYTES_MAX) {
            throw new IllegalArgumentException("Thrift method name of " + length + " bytes exceeds " + NAME_BYTES_MAX);
        }
        return length;
    }

    private static String name(MemorySegment message, long at, int length) {
        return new String(message.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static int varint(MemorySegment message, long at) {
        int value = 0;
        int bytes = varintBytes(message, at);
        for (int i = 0; i < bytes; i++) {
            value |= (message.get(ValueLayout.JAVA_BYTE, at + i) & 0x7F) << (7 * i);
        }
        return value;
    }

    private static int varintBytes(MemorySegment message, long at) {
        for (int i = 0; i < 5; i++) {
            if (message.get(ValueLayout.JAVA_BYTE, at + i) >= 0) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("Thrift message with a number of more than 5 bytes in its head");
    }

    /** The name without the service before it. */
    String method() {
        return name.substring(name.indexOf(':') + 1);
    }
}
