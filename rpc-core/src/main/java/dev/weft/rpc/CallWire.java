package dev.weft.rpc;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Heads of request and reply bodies; {@code docs/protocol/rpc.md} is the norm.
 *
 * <pre>
 * request:  0 method id u64 | 8 flags u8 | [timeout nanos i64] | [trace id 2 x u64] | [identity string]
 *           | [credit 2 x u64] | parameter
 * reply:    0 status u8 | 1 flags u8 | 2 zero u16 | 4 queue micros u32 | 8 handler micros u32 | 12 [items u64] | result
 *           failed:  message string | application error only: error id u64, detail
 * </pre>
 */
final class CallWire {
    static final int HAS_TIMEOUT = 1;
    static final int HAS_TRACE = 2;
    static final int HAS_IDENTITY = 4;
    static final int ONE_WAY = 8;
    static final int COMPRESSED = 16;
    /** Items follow the request. */
    static final int READS_ITEMS = 32;
    /** Items come before the reply. */
    static final int WRITES_ITEMS = 64;

    static final int STREAM_FLAGS = READS_ITEMS | WRITES_ITEMS;
    static final int REQUEST_FLAGS = 127;

    /** In a reply: how many items came before it. */
    static final int ITEMS_BEFORE = 1;

    /** Longest head of a request without identity. */
    static final int REQUEST_HEAD_BYTES = 8 + 1 + 8 + 16;

    static final int REPLY_HEAD_BYTES = 12;

    /** Of a call without streams, or one that was refused. */
    static final long NO_ITEMS = -1;

    /** Status of a reply that has a result. */
    static final byte STATUS_OK = 0;

    /** A failure's message is cut to this many characters: it is for people. */
    static final int MESSAGE_LENGTH_MAX = 1024;

    private static final ValueLayout.OfInt MICROS = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private CallWire() {}

    static void writeRequestHead(
            SerdeWriter out,
            Method<?, ?, ?> method,
            Context context,
            long timeoutNanos,
            boolean compressed,
            StreamConfig credit) {
        Method.Streams<?, ?, ?, ?, ?> streams = method.streams();
        String identity = context.identity();
        TraceId trace = context.traceId();
        int flags = HAS_TIMEOUT
                | (trace.isPresent() ? HAS_TRACE : 0)
                | (identity.isEmpty() ? 0 : HAS_IDENTITY)
                | (method.oneWay() ? ONE_WAY : 0)
                | (compressed ? COMPRESSED : 0)
                | (streams == null ? 0 : streams.flags());
        int at = out.claim(17);
        out.setLong(at, method.id());
        out.setByte(at + 8, (byte) flags);
        out.setLong(at + 9, timeoutNanos);
        if (trace.isPresent()) {
            out.putLong(trace.high());
            out.putLong(trace.low());
        }
        if (!identity.isEmpty()) {
            out.putString(identity);
        }
        if (streams != null) {
            StreamWire.writeCredit(out, credit.maxItems(), credit.maxBytes());
        }
    }

    /** @param items how many came before, or {@link #NO_ITEMS} */
    static void writeReplyHead(
            SerdeWriter out, byte status, boolean compressed, long queueNanos, long handlerNanos, long items) {
        int at = out.claim(REPLY_HEAD_BYTES);
        out.setByte(at, status);
        out.setByte(at + 1, (byte) ((compressed ? COMPRESSED : 0) | (items == NO_ITEMS ? 0 : ITEMS_BEFORE)));
        out.setShort(at + 2, (short) 0);
        out.setInt(at + 4, toMicros(queueNanos));
        out.setInt(at + 8, toMicros(handlerNanos));
        if (items != NO_ITEMS) {
            out.putLong(items);
        }
    }

    private static int toMicros(long nanos) {
        return (int) Math.min(nanos / 1000, Integer.MAX_VALUE);
    }

    /** What {@code plain} holds; if {@code compressed}, as its length in u32 and a zstd frame. */
    static void writeBody(SerdeWriter plain, SerdeWriter out, boolean compressed) {
        byte[] bytes = plain.toByteArray();
        if (compressed) {
            out.putInt(bytes.length);
            out.putBytes(Zstd.compress(bytes));
        } else {
            int at = out.claim(bytes.length);
            System.arraycopy(bytes, 0, out.array(), at, bytes.length);
        }
    }

    /**
     * The plain form of what {@link #writeBody} compressed.
     *
     * @throws SerdeException if it is not that, or would be longer than {@code maxBytes}
     */
    static MemorySegment decompress(SerdeReader in, int maxBytes) {
        int length = in.getInt();
        if (length < 0 || length > maxBytes) {
            throw in.failure("decompressed length " + Integer.toUnsignedString(length) + " exceeds " + maxBytes);
        }
        byte[] packed = in.getSegment().toArray(ValueLayout.JAVA_BYTE);
        if (packed.length == 0) {
            throw in.failure("compressed frame is missing");
        }
        long announced = Zstd.getFrameContentSize(packed);
        if (announced != length) {
            throw in.failure("compressed frame holds " + announced + " bytes, not " + length);
        }
        try {
            return MemorySegment.ofArray(Zstd.decompress(packed, length));
        } catch (ZstdException e) {
            throw in.failure("compressed frame is broken: " + e.getMessage());
        }
    }

    /** What the body of a request asks for. */
    static long methodId(InboundMessage request) {
        return SerdeReader.of(request.body()).getLong();
    }

    /** How long a request waited for its handler, as the reply says; for one that has been decoded. */
    static int queueMicros(InboundMessage reply) {
        return reply.body().get(MICROS, 4);
    }

    /** How long the handler ran, likewise. */
    static int handlerMicros(InboundMessage reply) {
        return reply.body().get(MICROS, 8);
    }

    static String cut(String message) {
        return message.length() <= MESSAGE_LENGTH_MAX ? message : message.substring(0, MESSAGE_LENGTH_MAX);
    }
}
