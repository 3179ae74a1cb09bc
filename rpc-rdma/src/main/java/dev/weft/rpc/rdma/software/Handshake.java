package dev.weft.rpc.rdma.software;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * What connects two queue pairs of different processes: the payload of {@link Frame#CONNECT},
 * {@link Frame#ACCEPT} and {@link Frame#REJECT}.
 *
 * <pre>
 *  0         4         6       7      8         12       13       14       15       16
 * +---------+---------+-------+------+---------+--------+--------+--------+--------+----------------+
 * |"WRDM"   |version 1|0      |0     |queue    |reads   |reads   |retries |retries |private data,   |
 * |         |         |       |      |pair     |out     |in      |        |rnr     |56/196/148 bytes |
 * +---------+---------+-------+------+---------+--------+--------+--------+--------+----------------+
 * </pre>
 */
record Handshake(int queuePair, ConnectData data) {
    private static final int MAGIC = 0x5752444d;
    private static final int VERSION = 1;
    private static final int FIXED_BYTES = 16;

    static int bytes(int privateBytes) {
        return FIXED_BYTES + privateBytes;
    }

    void put(ByteBuffer to) {
        to.putInt(MAGIC);
        to.putShort((short) VERSION);
        to.putShort((short) 0);
        to.putInt(queuePair);
        to.put((byte) data.readsOut());
        to.put((byte) data.readsIn());
        to.put((byte) data.retries());
        to.put((byte) data.rnrRetries());
        to.put(data.privateData());
    }

    static Handshake take(ByteBuffer from, int payload, int privateBytes) throws IOException {
        if (payload != bytes(privateBytes)) {
            throw new ProtocolException("a handshake of " + payload + " bytes instead of " + bytes(privateBytes));
        }
        int magic = from.getInt();
        int version = from.getShort();
        from.getShort();
        if (magic != MAGIC || version != VERSION) {
            throw new ProtocolException(
                    "a handshake that begins with " + Integer.toHexString(magic) + ", version " + version);
        }
        int queuePair = from.getInt();
        int readsOut = Byte.toUnsignedInt(from.get());
        int readsIn = Byte.toUnsignedInt(from.get());
        int retries = from.get() & 7;
        int rnrRetries = from.get() & 7;
        byte[] privateData = new byte[privateBytes];
        from.get(privateData);
        return new Handshake(queuePair, new ConnectData(privateData, readsOut, readsIn, retries, rnrRetries));
    }
}
