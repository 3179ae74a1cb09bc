package dev.weft.rpc.recorder;

import dev.weft.rpc.Method;
import dev.weft.rpc.spi.CallRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records, packed. A call is written as its difference from the one before, which makes it about 15 bytes: each one is on the way of
 * a call, and then has to find its way into a page of the file, which is what costs most. A batch explains all names that it uses. For
 * one thread at a time.
 */
final class Batch {
    private final byte[] bytes = new byte[BatchLayout.BATCH_BYTES_MAX];
    private int position = BatchLayout.HEAD_BYTES;
    private int calls;

    private final Map<Method<?, ?, ?>, Integer> methods = new HashMap<>();
    private final Map<String, Integer> peers = new HashMap<>();

    // Of the call before.
    private @Nullable Method<?, ?, ?> method;
    private String peer = "";
    private long count;
    private long firstNanos;
    private long requestBytes;
    private long replyBytes;

    void clear() {
        position = BatchLayout.HEAD_BYTES;
        calls = 0;
        methods.clear();
        peers.clear();
        method = null;
        peer = "";
        count = 0;
        firstNanos = 0;
        requestBytes = 0;
        replyBytes = 0;
    }

    int calls() {
        return calls;
    }

    boolean isEmpty() {
        return calls == 0;
    }

    /** Whether there is room for any call. */
    boolean hasRoom() {
        return position <= BatchLayout.BATCH_BYTES_MAX - BatchLayout.ENTRY_BYTES_MAX;
    }

    /** Adds a call; there must be room. */
    void add(CallRecord call) {
        int otherMethod = call.method == null ? otherMethod() : otherMethod(call.method);
        int otherPeer = otherPeer(call.peer);
        boolean otherSizes = call.requestBytes != requestBytes || call.replyBytes != replyBytes;
        boolean hasTrace = (call.traceHigh | call.traceLow) != 0;
        CallRecord.Items items = call.items;
        bytes[position++] = (byte) ((call.server ? BatchLayout.SERVER : 0)
                | (otherMethod >= 0 ? BatchLayout.OTHER_METHOD : 0)
                | (otherPeer >= 0 ? BatchLayout.OTHER_PEER : 0)
                | (call.status != CallRecord.OK ? BatchLayout.FAILED : 0)
                | (otherSizes ? BatchLayout.OTHER_SIZES : 0)
                | (hasTrace ? BatchLayout.HAS_TRACE : 0)
                | (items != null ? BatchLayout.HAS_ITEMS : 0));
        if (otherMethod >= 0) {
            put(otherMethod);
        }
        if (otherPeer >= 0) {
            put(otherPeer);
        }
        if (call.status != CallRecord.OK) {
            bytes[position++] = (byte) call.status;
        }
        if (otherSizes) {
            requestBytes = call.requestBytes;
            replyBytes = call.replyBytes;
            put(requestBytes);
            put(replyBytes);
        }
        long number = call.callId >>> BatchLayout.SLOT_BITS;
        putSigned(number - count);
        count = number;
        put(call.callId & BatchLayout.SLOT_MASK);
        putStages(call);
        if (!call.server) {
            put(call.queueMicros + 1L);
            put(call.handlerMicros + 1L);
        }
        if (hasTrace) {
            putFixed(call.traceHigh);
            putFixed(call.traceLow);
        }
        if (items != null) {
            put(items.fromCaller());
            put(items.bytesFromCaller());
            put(items.toCaller());
            put(items.bytesToCaller());
        }
        calls++;
    }

    /** Each after the one that was reached before it. */
    private void putStages(CallRecord call) {
        putSigned(call.firstNanos - firstNanos);
        firstNanos = call.firstNanos;
        long before = putStage(call.secondNanos, call.firstNanos);
        before = putStage(call.thirdNanos, before);
        putStage(call.lastNanos, before);
    }

    private long putStage(long nanos, long before) {
        if (nanos == CallRecord.NOT_REACHED) {
            bytes[position++] = 0;
            return before;
        }
        put(zigzag(nanos - before) + 1);
        return nanos;
    }

    /** The number to write, or -1 if it is the method of the call before. */
    private int otherMethod() {
        boolean same = method == null;
        method = null;
        return same ? -1 : BatchLayout.NONE;
    }

    private int otherMethod(Method<?, ?, ?> wanted) {
        if (wanted.equals(method)) {
            return -1;
        }
        method = wanted;
        Integer known = methods.get(wanted);
        if (known != null) {
            return known;
        }
        methods.put(wanted, methods.size() + 1);
        bytes[position++] = (byte) BatchLayout.METHOD;
        putName(wanted.service());
        putName(wanted.name());
        return -1;
    }

    private int otherPeer(String wanted) {
        if (wanted.equals(peer)) {
            return -1;
        }
        peer = wanted;
        if (wanted.isEmpty()) {
            return BatchLayout.NONE;
        }
        Integer known = peers.get(wanted);
        if (known != null) {
            return known;
        }
        peers.put(wanted, peers.size() + 1);
        bytes[position++] = (byte) BatchLayout.PEER;
        putName(wanted);
        return -1;
    }

    private void putName(String text) {
        byte[] name = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(name.length, BatchLayout.NAME_BYTES_MAX);
        put(length);
        System.arraycopy(name, 0, bytes, position, length);
        position += length;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private void putSigned(long value) {
        put(zigzag(value));
    }

    private void put(long value) {
        byte[] to = bytes;
        int at = position;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        position = at;
    }

    private void putFixed(long value) {
        for (int i = 0; i < 64; i += 8) {
            bytes[position++] = (byte) (value >>> i);
        }
    }

    /**
     * The whole batch, which holds until it is cleared.
     *
     * @param session of the recorder, with {@code droppedSoFar}
     * @param clockNanos when it was {@code wall}
     */
    ByteBuffer end(long session, long clockNanos, Instant wall, long droppedSoFar) {
        return ByteBuffer.wrap(bytes, 0, position)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, BatchLayout.MAGIC)
                .putInt(BatchLayout.AT_VERSION, BatchLayout.VERSION)
                .putInt(BatchLayout.AT_LENGTH, position)
                .putInt(BatchLayout.AT_CALLS, calls)
                .putLong(BatchLayout.AT_SESSION, session)
                .putLong(BatchLayout.AT_CLOCK, clockNanos)
                .putLong(BatchLayout.AT_WALL, ChronoUnit.MICROS.between(Instant.EPOCH, wall))
                .putLong(BatchLayout.AT_DROPPED, droppedSoFar);
    }
}
