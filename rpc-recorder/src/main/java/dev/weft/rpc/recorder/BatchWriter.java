package dev.weft.rpc.recorder;

import dev.weft.rpc.Method;
import dev.weft.rpc.spi.CallRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Packs records into batches. Methods and peers have numbers, which each file of the queue explains anew. For one thread. */
final class BatchWriter {
    /** So many names are numbered; then all are forgotten, and a new session begins. */
    static final int NAMES_MAX = 1 << 16;

    private final ByteBuffer out =
            ByteBuffer.allocate(BatchLayout.BATCH_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);

    private long session;
    private final Map<Object, Integer> numbers = new HashMap<>();

    /** By number: whether this file explains it. */
    private final BitSet explained = new BitSet();

    // Most calls are of the same method, and with the same peer, as the one before.
    private @Nullable Method<?, ?, ?> lastMethod;
    private int lastMethodNumber;
    private String lastPeer = "";
    private int lastPeerNumber;

    /** @param session tells its numbers from others in the same files */
    BatchWriter(long session) {
        this.session = session;
    }

    /** From here on there is another file. */
    void beginFile() {
        explained.clear();
        forgetLast();
    }

    /** Begins a batch. */
    void begin() {
        out.clear().position(BatchLayout.HEAD_BYTES);
        if (numbers.size() >= NAMES_MAX) {
            numbers.clear();
            explained.clear();
            session++;
            forgetLast();
        }
    }

    private void forgetLast() {
        lastMethod = null;
        lastMethodNumber = BatchLayout.NONE;
        lastPeer = "";
        lastPeerNumber = BatchLayout.NONE;
    }

    /** Whether the batch has room for any record, and the names it may need. */
    boolean hasRoom() {
        return out.remaining()
                >= BatchLayout.CALL_BYTES_MAX
                        + BatchLayout.METHOD_BYTES
                        + BatchLayout.PEER_BYTES
                        + 3 * BatchLayout.NAME_BYTES_MAX;
    }

    boolean isEmpty() {
        return out.position() == BatchLayout.HEAD_BYTES;
    }

    /** Adds a record, and what explains it. */
    void add(CallRecord call) {
        if (!Objects.equals(call.method, lastMethod)) {
            lastMethodNumber = call.method == null ? BatchLayout.NONE : number(call.method);
            lastMethod = call.method;
        }
        if (!call.peer.equals(lastPeer)) {
            lastPeerNumber = number(call.peer);
            lastPeer = call.peer;
        }
        long longest = Math.max(
                longest(call.secondNanos, call),
                Math.max(longest(call.thirdNanos, call), longest(call.lastNanos, call)));
        int unit = unit(longest);
        boolean hasTrace = (call.traceHigh | call.traceLow) != 0;
        boolean hasServerTimes = call.queueMicros >= 0 && call.handlerMicros >= 0;
        out.put(BatchLayout.CALL)
                .put((byte) ((call.server ? BatchLayout.SERVER : 0)
                        | (hasServerTimes ? BatchLayout.HAS_SERVER_TIMES : 0)
                        | (hasTrace ? BatchLayout.HAS_TRACE : 0)
                        | (call.streams ? BatchLayout.HAS_STREAMS : 0)))
                .put((byte) call.status)
                .put((byte) unit)
                .putInt(lastMethodNumber)
                .putInt(lastPeerNumber)
                .putInt(unsigned(call.requestBytes))
                .putLong(call.callId)
                .putLong(call.firstNanos)
                .putInt(stage(call.secondNanos, call, unit))
                .putInt(stage(call.thirdNanos, call, unit))
                .putInt(stage(call.lastNanos, call, unit))
                .putInt(unsigned(call.replyBytes));
        if (hasServerTimes) {
            out.putInt(call.queueMicros).putInt(call.handlerMicros);
        }
        if (hasTrace) {
            out.putLong(call.traceHigh).putLong(call.traceLow);
        }
        if (call.streams) {
            out.putLong(call.requestItems).putLong(call.requestItemBytes);
            out.putLong(call.replyItems).putLong(call.replyItemBytes);
        }
    }

    /** Ends the batch, whose bytes hold until the next begins. */
    ByteBuffer end(long clockNanos, Instant wall, long droppedSoFar) {
        out.putInt(0, BatchLayout.MAGIC)
                .putInt(4, BatchLayout.VERSION)
                .putInt(8, out.position())
                .putInt(12, 0)
                .putLong(16, session)
                .putLong(24, clockNanos)
                .putLong(32, ChronoUnit.MICROS.between(Instant.EPOCH, wall))
                .putLong(40, droppedSoFar);
        return out.flip();
    }

    private int number(Method<?, ?, ?> method) {
        int number = numbers.computeIfAbsent(method, any -> numbers.size() + 1);
        if (!explained.get(number)) {
            byte[] service = name(method.service());
            byte[] name = name(method.name());
            out.put(BatchLayout.METHOD).put((byte) 0).putShort((short) service.length);
            out.putShort((short) name.length).putShort((short) 0);
            out.putInt(number).putLong(method.id()).put(service).put(name);
            explained.set(number);
        }
        return number;
    }

    private int number(String peer) {
        int number = numbers.computeIfAbsent(peer, any -> numbers.size() + 1);
        if (!explained.get(number)) {
            byte[] name = name(peer);
            out.put(BatchLayout.PEER).put((byte) 0).putShort((short) name.length);
            out.putInt(number).put(name);
            explained.set(number);
        }
        return number;
    }

    private static byte[] name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= BatchLayout.NAME_BYTES_MAX ? bytes : Arrays.copyOf(bytes, BatchLayout.NAME_BYTES_MAX);
    }

    private static long longest(long nanos, CallRecord call) {
        return nanos == CallRecord.NOT_REACHED ? 0 : nanos - call.firstNanos;
    }

    /** The finest in which the time fits. */
    private static int unit(long nanos) {
        if (nanos < 0xffff_ffffL) {
            return 0;
        }
        return nanos / 1000 < 0xffff_ffffL ? 1 : 2;
    }

    private static int stage(long nanos, CallRecord call, int unit) {
        if (nanos == CallRecord.NOT_REACHED) {
            return BatchLayout.NOT_REACHED;
        }
        long after = Math.max(0, nanos - call.firstNanos);
        long scaled = unit == 0 ? after : unit == 1 ? after / 1000 : after / 1_000_000;
        return (int) Math.min(scaled, 0xffff_fffeL);
    }

    private static int unsigned(long bytes) {
        return (int) Math.clamp(bytes, 0, 0xffff_ffffL);
    }
}
