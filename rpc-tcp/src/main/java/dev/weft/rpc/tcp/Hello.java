package dev.weft.rpc.tcp;

import dev.weft.rpc.spi.TransportConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first frame in each direction: magic u32, version u16, zero u16, greatest message u32, zero u32.
 *
 * @param maxMessageBytes the longest message that the sender of it takes
 */
record Hello(int maxMessageBytes) {
    static final int BYTES = 16;

    /** "WEFT" in the order of the wire. */
    private static final int MAGIC = 0x54464557;

    private static final short VERSION = 1;

    static byte[] encode(int maxMessageBytes) {
        byte[] bytes = new byte[BYTES];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .putShort(VERSION)
                .putShort((short) 0)
                .putInt(maxMessageBytes);
        return bytes;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is not that; says what is wrong
     */
    static Hello decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < BYTES || in.getInt(0) != MAGIC) {
            throw new IllegalArgumentException("the peer does not speak Weft RPC");
        }
        if (in.getShort(4) != VERSION) {
            throw new IllegalArgumentException("the peer speaks version " + in.getShort(4) + ", not " + VERSION);
        }
        int maxMessageBytes = in.getInt(8);
        if (maxMessageBytes < 1024 || maxMessageBytes > TransportConfig.MESSAGE_BYTES_MAX) {
            throw new IllegalArgumentException("the peer's greatest message of " + maxMessageBytes + " bytes");
        }
        return new Hello(maxMessageBytes);
    }
}
