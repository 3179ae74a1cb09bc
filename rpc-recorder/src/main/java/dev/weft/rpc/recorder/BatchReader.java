package dev.weft.rpc.recorder;

import dev.weft.rpc.StatusCode;
import dev.weft.rpc.TraceId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Unpacks one batch; trusts nothing that it says. For one thread. */
final class BatchReader {
    private record Name(String service, String method) {}

    private final ByteBuffer in;
    private final List<Name> methods = new ArrayList<>();
    private final List<String> peers = new ArrayList<>();
    private final Instant wall;
    private final long clockNanos;
    private final long session;
    private final long dropped;

    // Of the call before.
    private Name method = new Name("", "");
    private String peer = "";
    private long count;
    private long firstNanos;
    private long requestBytes;
    private long replyBytes;

    /** A batch that is not one. */
    static final class BadBatchException extends Exception {
        private static final long serialVersionUID = 1L;

        BadBatchException(String message) {
            super(message);
        }
    }

    /**
     * Reads the head.
     *
     * @throws BadBatchException if the excerpt holds no batch; says what is wrong
     */
    BatchReader(ByteBuffer excerpt) throws BadBatchException {
        in = excerpt.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < BatchLayout.HEAD_BYTES) {
            throw new BadBatchException("batch of " + in.remaining() + " bytes is shorter than its head");
        }
        if (in.getInt(0) != BatchLayout.MAGIC) {
            throw new BadBatchException("no batch of records: it begins with 0x" + Integer.toHexString(in.getInt(0)));
        }
        int version = in.getInt(BatchLayout.AT_VERSION);
        if (version != BatchLayout.VERSION) {
            throw new BadBatchException(
                    "records of format " + version + ", and this reads format " + BatchLayout.VERSION);
        }
        int length = in.getInt(BatchLayout.AT_LENGTH);
        if (length < BatchLayout.HEAD_BYTES || length > in.remaining()) {
            throw new BadBatchException("batch of " + length + " bytes in an excerpt of " + in.remaining());
        }
        session = in.getLong(BatchLayout.AT_SESSION);
        clockNanos = in.getLong(BatchLayout.AT_CLOCK);
        dropped = in.getLong(BatchLayout.AT_DROPPED);
        try {
            wall = Instant.EPOCH.plus(in.getLong(BatchLayout.AT_WALL), ChronoUnit.MICROS);
        } catch (DateTimeException | ArithmeticException e) {
            throw new BadBatchException("time of " + in.getLong(BatchLayout.AT_WALL) + " us since 1970");
        }
        in.limit(length).position(BatchLayout.HEAD_BYTES);
    }

    /** The recorder's run, whose drops {@link #dropped} counts. */
    long session() {
        return session;
    }

    long dropped() {
        return dropped;
    }

    /**
     * Hands over all calls.
     *
     * @throws BadBatchException if they cannot be read; says what is wrong. Calls before the fault have been handed over
     */
    void read(Consumer<RecordedCall> to) throws BadBatchException {
        try {
            while (in.hasRemaining()) {
                int kind = Byte.toUnsignedInt(in.get());
                switch (kind) {
                    case BatchLayout.METHOD -> {
                        method = new Name(name(), name());
                        methods.add(method);
                    }
                    case BatchLayout.PEER -> {
                        peer = name();
                        peers.add(peer);
                    }
                    default -> {
                        if (kind >= 0x80) {
                            throw new BadBatchException("entry of unknown kind " + kind);
                        }
                        to.accept(call(kind));
                    }
                }
            }
        } catch (BufferUnderflowException e) {
            throw new BadBatchException("an entry passes the end of its batch of " + in.limit() + " bytes");
        } catch (DateTimeException | ArithmeticException e) {
            throw new BadBatchException("a call at " + firstNanos + " ns, when the clock is at " + clockNanos);
        }
    }

    private RecordedCall call(int flags) throws BadBatchException {
        boolean server = (flags & BatchLayout.SERVER) != 0;
        if ((flags & BatchLayout.OTHER_METHOD) != 0) {
            int number = number(methods.size());
            method = number == BatchLayout.NONE ? new Name("", "") : methods.get(number - 1);
        }
        if ((flags & BatchLayout.OTHER_PEER) != 0) {
            int number = number(peers.size());
            peer = number == BatchLayout.NONE ? "" : peers.get(number - 1);
        }
        int status = (flags & BatchLayout.FAILED) != 0 ? Byte.toUnsignedInt(in.get()) : 0;
        if ((flags & BatchLayout.OTHER_SIZES) != 0) {
            requestBytes = size();
            replyBytes = size();
        }
        count += signed();
        long callId = (count << BatchLayout.SLOT_BITS) | (size() & BatchLayout.SLOT_MASK);
        firstNanos += signed();
        long second = stage(0);
        long third = stage(Math.max(second, 0));
        long last = stage(third == RecordedCall.NOT_REACHED ? Math.max(second, 0) : third);
        long queueNanos = server ? RecordedCall.NOT_REACHED : serverTime();
        long handlerNanos = server ? RecordedCall.NOT_REACHED : serverTime();
        TraceId trace = (flags & BatchLayout.HAS_TRACE) != 0 ? new TraceId(in.getLong(), in.getLong()) : TraceId.NONE;
        RecordedCall.Items items = (flags & BatchLayout.HAS_ITEMS) != 0
                ? new RecordedCall.Items(true, size(), size(), size(), size())
                : RecordedCall.Items.NONE;
        return new RecordedCall(
                server,
                method.service(),
                method.method(),
                peer,
                status(status),
                callId,
                trace,
                wall.plusNanos(Math.subtractExact(firstNanos, clockNanos)),
                second,
                third,
                last,
                requestBytes,
                replyBytes,
                queueNanos,
                handlerNanos,
                items);
    }

    private static @Nullable StatusCode status(int wireValue) {
        return wireValue == 0 ? null : StatusCode.ofWireValue(wireValue);
    }

    private long varint() throws BadBatchException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BadBatchException("a number of more than " + BatchLayout.VARINT_BYTES_MAX + " bytes");
    }

    private long signed() throws BadBatchException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    private long size() throws BadBatchException {
        long size = varint();
        if (size < 0) {
            throw new BadBatchException("a number of " + Long.toUnsignedString(size));
        }
        return size;
    }

    private int number(int max) throws BadBatchException {
        long number = varint();
        if (number < 0 || number > max) {
            throw new BadBatchException("name " + Long.toUnsignedString(number) + " of " + max);
        }
        return (int) number;
    }

    /** After the call began; {@code before} is when the last stage was reached. */
    private long stage(long before) throws BadBatchException {
        long value = varint();
        if (value == 0) {
            return RecordedCall.NOT_REACHED;
        }
        long after = value - 1;
        return Math.max(0, before + ((after >>> 1) ^ -(after & 1)));
    }

    private long serverTime() throws BadBatchException {
        long micros = size();
        if (micros > 1L << 32) {
            throw new BadBatchException("a time of " + micros + " us in the server");
        }
        return micros == 0 ? RecordedCall.NOT_REACHED : (micros - 1) * 1000;
    }

    private String name() throws BadBatchException {
        long length = varint();
        if (length < 0 || length > BatchLayout.NAME_BYTES_MAX) {
            throw new BadBatchException(
                    "name of " + Long.toUnsignedString(length) + " bytes exceeds " + BatchLayout.NAME_BYTES_MAX);
        }
        byte[] name = new byte[(int) length];
        in.get(name);
        return new String(name, StandardCharsets.UTF_8);
    }
}
