package dev.weft.rpc.rdma;

import static dev.weft.rpc.rdma.BadFrameException.check;

import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.spi.MessageKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Frames of the transport itself; {@code docs/protocol/rdma.md} draws them. */
final class ControlFrame {
    /** Asks for what a grant's key stands for. Id: the key. */
    static final byte OPEN = 16;
    /** Answers it. */
    static final byte GRANT = 17;
    /** The owner wants granted memory back. Id: the key. */
    static final byte REVOKE = 18;
    /** Granted memory is not used any more, as far as it was opened this often. Id: the key. */
    static final byte RELEASED = 19;
    /** A long message to be read from the sender's memory. Id: the message's. */
    static final byte LARGE = 20;
    /** It was read. Id: its handle. */
    static final byte LARGE_DONE = 21;
    /** Asks to move many bytes into the receiver. Id: a ticket. */
    static final byte PERMIT_ASK = 22;

    static final byte PERMIT = 23;
    static final byte PERMIT_DONE = 24;
    /** What was received over a rail before it failed. Id: rail and epoch. */
    static final byte RAIL_ENDED = 25;
    /** The sender ends the connection. */
    static final byte BYE = 26;
    /** The first message on a queue pair, from the side that connected. */
    static final byte HELLO = 27;

    /** In RELEASED: however often. */
    static final int ALL = 0;

    private static final int REASON_BYTES_MAX = 200;

    private ControlFrame() {}

    private static ByteBuffer begin(int bodyBytes) {
        ByteBuffer frame = ByteBuffer.allocate(MessageHeader.BYTES + bodyBytes).order(ByteOrder.LITTLE_ENDIAN);
        return frame.position(MessageHeader.BYTES);
    }

    @SuppressWarnings("ByteBufferBackingArray") // made by begin
    private static byte[] end(ByteBuffer frame, byte kind, long id) {
        byte[] bytes = frame.array();
        MessageHeader.fillIn(bytes, frame.position(), kind, id);
        return frame.position() == bytes.length ? bytes : Arrays.copyOf(bytes, frame.position());
    }

    static byte[] plain(byte kind, long id) {
        return end(begin(0), kind, id);
    }

    static byte[] grant(long key, long address, long length, Access access, MemoryKeys keys) {
        ByteBuffer frame = begin(24 + 8 * MemoryKeys.DEVICES_MAX);
        frame.put((byte) 0).put((byte) access(access)).putShort((short) 0).putInt(0);
        frame.putLong(address).putLong(length);
        keys.put(frame);
        return end(frame, GRANT, key);
    }

    static byte[] refuseGrant(long key, int status, String reason) {
        byte[] text = text(reason);
        ByteBuffer frame = begin(1 + text.length).put((byte) status).put(text);
        return end(frame, GRANT, key);
    }

    static byte[] released(long key, int opens) {
        return end(begin(4).putInt(opens), RELEASED, key);
    }

    static byte[] large(long id, Offer offer) {
        ByteBuffer frame = begin(28 + 8 * MemoryKeys.DEVICES_MAX);
        frame.putLong(offer.handle)
                .putLong(offer.address)
                .putInt(offer.length)
                .putInt(offer.kind)
                .putInt(offer.crc);
        offer.keys.put(frame);
        return end(frame, LARGE, id);
    }

    static byte[] permitAsk(long ticket, long bytes) {
        return end(begin(8).putLong(bytes), PERMIT_ASK, ticket);
    }

    static byte[] railEnded(int rail, int epoch, long received) {
        return end(begin(8).putLong(received), RAIL_ENDED, (long) rail << 32 | (epoch & 0xFFFF_FFFFL));
    }

    static byte[] bye(String reason) {
        byte[] text = text(reason);
        return end(begin(text.length).put(text), BYE, 0);
    }

    private static byte[] text(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return text.length > REASON_BYTES_MAX ? Arrays.copyOf(text, REASON_BYTES_MAX) : text;
    }

    // --- reading; the body is a buffer in little-endian order

    static ByteBuffer body(byte[] frames, int at, int bodyBytes) {
        return ByteBuffer.wrap(frames, at + MessageHeader.BYTES, bodyBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A message for people; what is longer than anybody sends is cut off. */
    static String text(ByteBuffer body) {
        ByteBuffer text = body.slice(body.position(), Math.min(body.remaining(), REASON_BYTES_MAX));
        return StandardCharsets.UTF_8.decode(text).toString();
    }

    /** What GRANT says. */
    sealed interface Answer {
        record Given(long address, long length, Access access, MemoryKeys keys) implements Answer {}

        record Refused(int status, String reason) implements Answer {}
    }

    static Answer readGrant(ByteBuffer body) throws BadFrameException {
        check("bytes of GRANT", body.remaining(), 1, Integer.MAX_VALUE);
        int status = Byte.toUnsignedInt(body.get());
        if (status != 0) {
            return new Answer.Refused(status, text(body));
        }
        check("bytes of GRANT", 1 + body.remaining(), 28, Integer.MAX_VALUE);
        Access access = access(body.get());
        body.position(body.position() + 6);
        long address = body.getLong();
        long length = body.getLong();
        check("length of granted memory", length, 0, Long.MAX_VALUE);
        return new Answer.Given(address, length, access, MemoryKeys.read(body));
    }

    /** How many opens RELEASED takes back; {@link #ALL}. */
    static int readReleased(ByteBuffer body) throws BadFrameException {
        check("bytes of RELEASED", body.remaining(), 4, Integer.MAX_VALUE);
        int opens = body.getInt();
        check("released opens", opens, ALL, Integer.MAX_VALUE);
        return opens;
    }

    /**
     * What LARGE says.
     *
     * @param crc CRC32C of the message
     */
    record Offer(long handle, long address, int length, byte kind, int crc, MemoryKeys keys) {}

    static Offer readLarge(ByteBuffer body, int maxMessageBytes) throws BadFrameException {
        check("bytes of LARGE", body.remaining(), 32, Integer.MAX_VALUE);
        long handle = body.getLong();
        long address = body.getLong();
        int length = body.getInt();
        int kind = body.getInt();
        int crc = body.getInt();
        check("long message's length", length, 0, maxMessageBytes);
        check("long message's kind", kind, MessageKind.REQUEST, MessageKind.REPLY_CREDIT);
        return new Offer(handle, address, length, (byte) kind, crc, MemoryKeys.read(body));
    }

    /** For how many bytes PERMIT_ASK asks. */
    static long readPermitAsk(ByteBuffer body) throws BadFrameException {
        check("bytes of PERMIT_ASK", body.remaining(), 8, Integer.MAX_VALUE);
        long bytes = body.getLong();
        check("bytes to be permitted", bytes, 0, Long.MAX_VALUE);
        return bytes;
    }

    /** What RAIL_ENDED says. */
    record RailEnd(int rail, int epoch, long received) {}

    static RailEnd readRailEnded(long id, ByteBuffer body) throws BadFrameException {
        check("bytes of RAIL_ENDED", body.remaining(), 8, Integer.MAX_VALUE);
        RailEnd end = new RailEnd((int) (id >>> 32), (int) id, body.getLong());
        check("rail", end.rail, 0, Rail.RAILS_MAX - 1);
        check("epoch", end.epoch, 0, Integer.MAX_VALUE);
        check("received buffers", end.received, 0, Long.MAX_VALUE);
        return end;
    }

    private static int access(Access access) {
        return switch (access) {
            case READ -> 1;
            case WRITE -> 2;
            case READ_WRITE -> 3;
        };
    }

    private static Access access(int value) throws BadFrameException {
        check("access", value, 1, 3);
        return value == 1 ? Access.READ : value == 2 ? Access.WRITE : Access.READ_WRITE;
    }
}
