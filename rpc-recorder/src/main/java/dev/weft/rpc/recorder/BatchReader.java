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
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Unpacks batches; trusts none of what they say. For one thread. */
final class BatchReader {
    /** Nobody records that many methods and peers in files that are read together; a broken file might. */
    private static final int NAMES_MAX = 1 << 20;

    private record Key(long session, int number) {}

    private record Name(String service, String method) {}

    private final Map<Key, Name> methods = new HashMap<>();
    private final Map<Key, String> peers = new HashMap<>();
    private final Map<Long, Long> droppedBySession = new HashMap<>();

    /** A batch that is not one. */
    static final class BadBatchException extends Exception {
        private static final long serialVersionUID = 1L;

        BadBatchException(String message) {
            super(message);
        }
    }

    /** Whether an excerpt holds a batch, of this version or another. */
    static boolean isBatch(ByteBuffer excerpt) {
        return excerpt.remaining() >= 4
                && excerpt.order(ByteOrder.LITTLE_ENDIAN).getInt(excerpt.position()) == BatchLayout.MAGIC;
    }

    /**
     * Hands all calls of a batch to {@code to}.
     *
     * @throws BadBatchException if it is not one; says what is wrong. Calls before the fault have been handed over
     */
    void read(ByteBuffer excerpt, Consumer<RecordedCall> to) throws BadBatchException {
        ByteBuffer in = excerpt.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < BatchLayout.HEAD_BYTES) {
            throw new BadBatchException("batch of " + in.remaining() + " bytes is shorter than its head");
        }
        if (in.getInt(0) != BatchLayout.MAGIC) {
            throw new BadBatchException("no batch of records: it begins with 0x" + Integer.toHexString(in.getInt(0)));
        }
        if (in.getInt(4) != BatchLayout.VERSION) {
            throw new BadBatchException(
                    "records of format " + in.getInt(4) + ", and this reads format " + BatchLayout.VERSION);
        }
        int length = in.getInt(8);
        if (length < BatchLayout.HEAD_BYTES || length > in.remaining()) {
            throw new BadBatchException("batch of " + length + " bytes in an excerpt of " + in.remaining());
        }
        long session = in.getLong(16);
        Anchor anchor = new Anchor(in.getLong(24), in.getLong(32));
        droppedBySession.put(session, in.getLong(40));
        in.limit(length).position(BatchLayout.HEAD_BYTES);
        try {
            while (in.hasRemaining()) {
                readEntry(in, session, anchor, to);
            }
        } catch (BufferUnderflowException e) {
            throw new BadBatchException("an entry passes the end of its batch of " + length + " bytes");
        }
    }

    /** The time of day when the clock showed a time. */
    private record Anchor(long clockNanos, long epochMicros) {
        Instant at(long nanos) throws BadBatchException {
            try {
                return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS).plusNanos(nanos - clockNanos);
            } catch (DateTimeException | ArithmeticException e) {
                throw new BadBatchException("time of " + epochMicros + " us since 1970");
            }
        }
    }

    private void readEntry(ByteBuffer in, long session, Anchor anchor, Consumer<RecordedCall> to)
            throws BadBatchException {
        byte kind = in.get();
        switch (kind) {
            case BatchLayout.METHOD -> {
                in.get();
                int serviceBytes = Short.toUnsignedInt(in.getShort());
                int nameBytes = Short.toUnsignedInt(in.getShort());
                in.getShort();
                Key key = new Key(session, in.getInt());
                in.getLong();
                put(methods, key, new Name(text(in, serviceBytes), text(in, nameBytes)));
            }
            case BatchLayout.PEER -> {
                in.get();
                int bytes = Short.toUnsignedInt(in.getShort());
                put(peers, new Key(session, in.getInt()), text(in, bytes));
            }
            case BatchLayout.CALL -> to.accept(readCall(in, session, anchor));
            default -> throw new BadBatchException("entry of unknown kind " + kind);
        }
    }

    private static <V> void put(Map<Key, V> names, Key key, V name) throws BadBatchException {
        if (names.size() >= NAMES_MAX && !names.containsKey(key)) {
            throw new BadBatchException("more than " + NAMES_MAX + " names");
        }
        names.put(key, name);
    }

    private static String text(ByteBuffer in, int bytes) throws BadBatchException {
        if (bytes > BatchLayout.NAME_BYTES_MAX) {
            throw new BadBatchException("name of " + bytes + " bytes exceeds " + BatchLayout.NAME_BYTES_MAX);
        }
        byte[] text = new byte[bytes];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private RecordedCall readCall(ByteBuffer in, long session, Anchor anchor) throws BadBatchException {
        int flags = in.get();
        int status = Byte.toUnsignedInt(in.get());
        int unit = in.get();
        if ((flags & ~BatchLayout.CALL_FLAGS) != 0 || unit < 0 || unit > BatchLayout.UNIT_MAX) {
            throw new BadBatchException("call with flags 0x" + Integer.toHexString(flags & 0xff) + ", unit " + unit);
        }
        Name method = methods.getOrDefault(new Key(session, in.getInt()), new Name("", ""));
        String peer = peers.getOrDefault(new Key(session, in.getInt()), "?");
        long requestBytes = Integer.toUnsignedLong(in.getInt());
        long callId = in.getLong();
        Instant begun = anchor.at(in.getLong());
        long second = nanos(in.getInt(), unit);
        long third = nanos(in.getInt(), unit);
        long last = nanos(in.getInt(), unit);
        long replyBytes = Integer.toUnsignedLong(in.getInt());
        boolean hasServerTimes = (flags & BatchLayout.HAS_SERVER_TIMES) != 0;
        long queueNanos = hasServerTimes ? Integer.toUnsignedLong(in.getInt()) * 1000 : RecordedCall.NOT_REACHED;
        long handlerNanos = hasServerTimes ? Integer.toUnsignedLong(in.getInt()) * 1000 : RecordedCall.NOT_REACHED;
        TraceId trace = (flags & BatchLayout.HAS_TRACE) != 0 ? new TraceId(in.getLong(), in.getLong()) : TraceId.NONE;
        RecordedCall.Items items = (flags & BatchLayout.HAS_STREAMS) != 0
                ? new RecordedCall.Items(true, count(in), count(in), count(in), count(in))
                : RecordedCall.Items.NONE;
        return new RecordedCall(
                (flags & BatchLayout.SERVER) != 0,
                method.service(),
                method.method(),
                peer,
                status(status),
                callId,
                trace,
                begun,
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

    private static long nanos(int stage, int unit) {
        if (stage == BatchLayout.NOT_REACHED) {
            return RecordedCall.NOT_REACHED;
        }
        long scale = unit == 0 ? 1 : unit == 1 ? 1000 : 1_000_000;
        return Integer.toUnsignedLong(stage) * scale;
    }

    private static long count(ByteBuffer in) throws BadBatchException {
        long count = in.getLong();
        if (count < 0) {
            throw new BadBatchException("count of " + Long.toUnsignedString(count));
        }
        return count;
    }

    /** How many calls were not recorded for lack of room or time, as far as was read. */
    long dropped() {
        return droppedBySession.values().stream().mapToLong(Long::longValue).sum();
    }
}
