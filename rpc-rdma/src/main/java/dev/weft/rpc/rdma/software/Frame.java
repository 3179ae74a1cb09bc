package dev.weft.rpc.rdma.software;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * What travels between processes: a header of {@value #HEADER_BYTES} bytes, big endian, and its payload.
 *
 * <pre>
 *  0       4     5      6          8          16       24        32        40    44
 * +-------+-----+------+----------+----------+--------+---------+---------+-----+-----------+
 * |payload|type |flags |0         |sequence  |offset  |address  |total    |key  |immediate  |
 * +-------+-----+------+----------+----------+--------+---------+---------+-----+-----------+
 * </pre>
 *
 * A request of more than {@value #PAYLOAD_BYTES_MAX} bytes, and the data of a read, travel in several frames: {@code offset}
 * says where in the request the payload belongs, {@code total} how long it all is. Numbers that a type does not use are 0.
 * One object serves all frames of a connection, on the thread of the engine.
 */
final class Frame {
    static final int HEADER_BYTES = 48;
    static final int PAYLOAD_BYTES_MAX = 1 << 15;

    /** Payload: {@link Handshake}. */
    static final int CONNECT = 1;

    static final int ACCEPT = 2;

    /** Key: the status; payload: {@link Handshake}. */
    static final int REJECT = 3;

    /** The one who asked has its queue pair ready. */
    static final int READY = 4;

    static final int DISCONNECT = 5;

    static final int SEND = 6;

    /** Address: where the payload goes. */
    static final int WRITE = 7;

    /** Address: from where on {@code total} bytes are wanted. */
    static final int READ = 8;

    /** All requests up to this sequence are done. */
    static final int ACK = 9;

    /** The data of the read with this sequence. */
    static final int DATA = 10;

    /** The request with this sequence is refused; key: the status. */
    static final int REFUSE = 11;

    /** There was no receive request for this one; it, and all after it, must be sent again. */
    static final int NOT_READY = 12;

    /** There is no queue pair that would answer this one. */
    static final int NO_ANSWER = 13;

    static final int LAST = 1;
    static final int IMMEDIATE = 2;
    static final int SOLICITED = 4;

    int payload;
    int type;
    int flags;
    long sequence;
    long offset;
    long address;
    long total;
    int key;
    int immediate;

    /** Begins a frame without payload. */
    Frame set(int newType, long newSequence) {
        payload = 0;
        type = newType;
        flags = 0;
        sequence = newSequence;
        offset = 0;
        address = 0;
        total = 0;
        key = 0;
        immediate = 0;
        return this;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Appends the header to a buffer, which has room. */
    void put(ByteBuffer to) {
        to.putInt(payload);
        to.put((byte) type);
        to.put((byte) flags);
        to.putShort((short) 0);
        to.putLong(sequence);
        to.putLong(offset);
        to.putLong(address);
        to.putLong(total);
        to.putInt(key);
        to.putInt(immediate);
    }

    /**
     * Takes a header from a buffer, if all of the frame is there; the payload comes next in it then.
     *
     * @throws IOException if there cannot be such a frame
     */
    boolean take(ByteBuffer from) throws IOException {
        if (from.remaining() < HEADER_BYTES) {
            return false;
        }
        int at = from.position();
        payload = from.getInt(at);
        if (payload < 0 || payload > PAYLOAD_BYTES_MAX) {
            throw new ProtocolException("a frame of " + payload + " bytes, which exceeds " + PAYLOAD_BYTES_MAX);
        }
        if (from.remaining() < HEADER_BYTES + payload) {
            return false;
        }
        type = from.get(at + 4);
        flags = from.get(at + 5);
        sequence = from.getLong(at + 8);
        offset = from.getLong(at + 16);
        address = from.getLong(at + 24);
        total = from.getLong(at + 32);
        key = from.getInt(at + 40);
        immediate = from.getInt(at + 44);
        from.position(at + HEADER_BYTES);
        requireSense();
        return true;
    }

    private void requireSense() throws IOException {
        boolean fits = total >= 0
                && total <= SoftwareDevice.MESSAGE_BYTES_MAX
                && offset >= 0
                && offset <= total
                && (payload <= total - offset || type <= REJECT);
        if (type < CONNECT || type > NO_ANSWER || sequence < 0 || !fits) {
            throw new ProtocolException("a frame of type " + type + " with sequence " + sequence + ", offset " + offset
                    + ", payload " + payload + " and total " + total);
        }
    }
}
