package dev.weft.rpc.thrift;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TTransport;

/** How Thrift writes values. A message begins with bytes that tell. */
public enum Encoding {
    /** TBinaryProtocol, strict: messages have a version. */
    BINARY {
        @Override
        TProtocol over(TTransport transport, ThriftConfig config, int bytesMax) {
            return new BoundedBinaryProtocol(transport, config, bytesMax);
        }
    },

    /** TCompactProtocol. */
    COMPACT {
        @Override
        TProtocol over(TTransport transport, ThriftConfig config, int bytesMax) {
            return new BoundedCompactProtocol(transport, config, bytesMax);
        }
    };

    private static final int COMPACT_VERSION = 1;
    private static final int COMPACT_VERSION_MASK = 0x1f;

    /**
     * Thrift's reader and writer of this encoding, which throws when a message is beyond the limits.
     *
     * @param bytesMax how long the message is, and so the most that anything in it can be
     */
    abstract TProtocol over(TTransport transport, ThriftConfig config, int bytesMax);

    /** @throws IllegalArgumentException if a message does not begin so in any encoding */
    static Encoding of(MemorySegment message) {
        if (message.byteSize() >= 2) {
            byte first = message.get(ValueLayout.JAVA_BYTE, 0);
            byte second = message.get(ValueLayout.JAVA_BYTE, 1);
            if (isBinary(first, second)) {
                return BINARY;
            }
            if (isCompact(first, second)) {
                return COMPACT;
            }
        }
        throw new IllegalArgumentException("no Thrift message: neither strict binary nor compact");
    }

    static boolean isBinary(byte first, byte second) {
        return first == (byte) 0x80 && second == 0x01;
    }

    static boolean isCompact(byte first, byte second) {
        return first == (byte) 0x82 && (second & COMPACT_VERSION_MASK) == COMPACT_VERSION;
    }
}
