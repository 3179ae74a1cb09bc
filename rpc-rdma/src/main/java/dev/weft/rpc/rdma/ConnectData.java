package dev.weft.rpc.rdma;

import static dev.weft.rpc.rdma.BadFrameException.check;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the two sides tell each other when a queue pair is connected; {@code docs/protocol/rdma.md} draws it. */
final class ConnectData {
    /** "WFR1" */
    private static final int MAGIC = 0x31524657;

    private static final byte VERSION = 1;

    /** No queue pair of this rail was there before. */
    static final int NO_EPOCH = -1;

    private ConnectData() {}

    /** Which connection, and what it becomes. */
    enum Kind {
        NEW,
        JOIN
    }

    /**
     * From the side that connects: 56 bytes are all that an InfiniBand connection manager carries.
     *
     * @param most and {@code least}: id of the connection, which also proves that a rail belongs to it
     * @param ordinal of the sender's device
     * @param lastEpoch of the last queue pair of this rail that the sender used; {@link #NO_EPOCH}
     * @param lastReceived how many buffers came over it
     * @param permitFromBytes transfers into the sender of this size ask first; 0 if none do
     */
    record Request(
            Kind kind,
            int rail,
            int ordinal,
            boolean immediateData,
            long most,
            long least,
            int ringBuffers,
            int bufferBytes,
            int maxMessageBytes,
            int permitFromBytes,
            int epoch,
            int lastEpoch,
            int lastReceived) {

        byte[] toBytes() {
            byte[] bytes = new byte[56];
            ByteBuffer out = begin(bytes);
            out.put(VERSION).put((byte) (kind == Kind.NEW ? 1 : 2)).put((byte) rail);
            out.put((byte) (immediateData ? 1 : 0));
            out.putLong(most).putLong(least);
            out.putShort((short) ringBuffers).putShort((short) ordinal).putInt(bufferBytes);
            out.putInt(maxMessageBytes).putInt(permitFromBytes);
            out.putInt(epoch).putInt(lastEpoch).putInt(lastReceived);
            return bytes;
        }

        static Request read(byte[] bytes) throws BadFrameException {
            ByteBuffer in = open(bytes, 52);
            byte kind = in.get();
            int rail = in.get();
            boolean immediateData = in.get() == 1;
            Request request;
            long most = in.getLong();
            long least = in.getLong();
            int ringBuffers = in.getShort() & 0xFFFF;
            int ordinal = in.getShort() & 0xFFFF;
            request = new Request(
                    kind == 1 ? Kind.NEW : Kind.JOIN,
                    rail,
                    ordinal,
                    immediateData,
                    most,
                    least,
                    ringBuffers,
                    in.getInt(),
                    in.getInt(),
                    in.getInt(),
                    in.getInt(),
                    in.getInt(),
                    in.getInt());
            check("connect kind", kind, 1, 2);
            check("rail", rail, 0, Rail.RAILS_MAX - 1);
            check("epoch", request.epoch, 0, Integer.MAX_VALUE);
            check("last epoch", request.lastEpoch, NO_EPOCH, request.epoch - 1L);
            checkSizes(request.ringBuffers, request.bufferBytes, request.maxMessageBytes, request.permitFromBytes);
            return request;
        }
    }

    /** Whether the side that was connected to wants the queue pair. */
    enum Answer {
        ACCEPTED,
        UNKNOWN_CONNECTION,
        REFUSED
    }

    /**
     * From the side that was connected to.
     *
     * @param ringBuffers and {@code bufferBytes}: no more than was asked for
     * @param lastReceived how many buffers came over the queue pair of the request's last epoch
     * @param addresses by which the other devices can be reached, at the same port
     */
    record Reply(
            Answer answer,
            int ordinal,
            boolean immediateData,
            int ringBuffers,
            int bufferBytes,
            int maxMessageBytes,
            int permitFromBytes,
            int lastReceived,
            List<InetAddress> addresses) {

        static Reply refusal(Answer answer) {
            return new Reply(answer, 0, false, 8, 512, 1024, 0, 0, List.of());
        }

        byte[] toBytes() {
            byte[] bytes = new byte[36 + 17 * addresses.size()];
            ByteBuffer out = begin(bytes);
            out.put(VERSION).put((byte) answerValue()).put((byte) addresses.size());
            out.put((byte) (immediateData ? 1 : 0));
            out.putShort((short) ringBuffers).putShort((short) ordinal).putInt(bufferBytes);
            out.putInt(maxMessageBytes)
                    .putInt(permitFromBytes)
                    .putInt(lastReceived)
                    .putLong(0);
            for (InetAddress address : addresses) {
                byte[] raw = address.getAddress();
                out.put((byte) raw.length).put(raw).position(out.position() + 16 - raw.length);
            }
            return bytes;
        }

        private int answerValue() {
            return switch (answer) {
                case ACCEPTED -> 0;
                case UNKNOWN_CONNECTION -> 1;
                case REFUSED -> 2;
            };
        }

        static Reply read(byte[] bytes) throws BadFrameException {
            ByteBuffer in = open(bytes, 36);
            byte answer = in.get();
            int count = in.get();
            boolean immediateData = in.get() == 1;
            int ringBuffers = in.getShort() & 0xFFFF;
            int ordinal = in.getShort() & 0xFFFF;
            int bufferBytes = in.getInt();
            int maxMessageBytes = in.getInt();
            int permitFromBytes = in.getInt();
            int lastReceived = in.getInt();
            in.getLong();
            check("answer", answer, 0, 2);
            check("addresses", count, 0, Rail.RAILS_MAX);
            check("bytes of addresses", in.remaining(), 17L * count, Integer.MAX_VALUE);
            checkSizes(ringBuffers, bufferBytes, maxMessageBytes, permitFromBytes);
            List<InetAddress> addresses = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                addresses.add(address(in));
            }
            return new Reply(
                    answer(answer),
                    ordinal,
                    immediateData,
                    ringBuffers,
                    bufferBytes,
                    maxMessageBytes,
                    permitFromBytes,
                    lastReceived,
                    addresses);
        }

        private static Answer answer(byte value) {
            return switch (value) {
                case 0 -> Answer.ACCEPTED;
                case 1 -> Answer.UNKNOWN_CONNECTION;
                default -> Answer.REFUSED;
            };
        }

        private static InetAddress address(ByteBuffer in) throws BadFrameException {
            int length = in.get();
            byte[] raw = new byte[16];
            in.get(raw);
            try {
                return InetAddress.getByAddress(Arrays.copyOf(raw, Math.clamp(length, 0, 16)));
            } catch (UnknownHostException e) {
                throw new BadFrameException("address of " + length + " bytes instead of 4 or 16");
            }
        }
    }

    private static ByteBuffer begin(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(MAGIC);
    }

    private static ByteBuffer open(byte[] bytes, int bytesMin) throws BadFrameException {
        check("bytes of connect data", bytes.length, bytesMin, Integer.MAX_VALUE);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int magic = in.getInt();
        if (magic != MAGIC) {
            throw new BadFrameException("connect data begins with " + Integer.toHexString(magic) + " instead of "
                    + Integer.toHexString(MAGIC));
        }
        check("version", in.get(), VERSION, VERSION);
        return in;
    }

    private static void checkSizes(int ringBuffers, int bufferBytes, int maxMessageBytes, int permitFromBytes)
            throws BadFrameException {
        check("ring buffers", ringBuffers, 8, 1024);
        check("buffer bytes", bufferBytes, 512, 65_536);
        check("longest message", maxMessageBytes, 1024, 1 << 30);
        check("permits from", permitFromBytes, 0, Integer.MAX_VALUE);
    }
}
