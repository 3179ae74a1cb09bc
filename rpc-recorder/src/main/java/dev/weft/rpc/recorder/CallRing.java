package dev.weft.rpc.recorder;

import dev.weft.rpc.Method;
import dev.weft.rpc.spi.CallRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way from the threads of the calls to the one that writes them. Any number of threads put records in and
 * never wait: what finds no place is counted and lost. One thread takes them out, in the order in which places were taken.
 *
 * <p>Each place has a sequence number: {@code n} when it is free for record n, {@code n + 1} when that is in it. Numbers only,
 * so that the collector of garbage need not follow what changes a million times a second; a reference is stored where it
 * differs from the one that is there.
 */
final class CallRing {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    /** Of one place; a multiple of a cache line's. */
    private static final int WIDTH = 16;

    // Where in a place each number is.
    private static final int KIND = 0;
    private static final int CALL_ID = 1;
    private static final int TRACE_HIGH = 2;
    private static final int TRACE_LOW = 3;
    private static final int FIRST = 4;
    private static final int SECOND = 5;
    private static final int THIRD = 6;
    private static final int LAST = 7;
    private static final int REQUEST_BYTES = 8;
    private static final int REPLY_BYTES = 9;
    private static final int SERVER_MICROS = 10;
    private static final int ITEMS = 11;

    private static final long SERVER = 1 << 8;
    private static final long STREAMS = 1 << 9;

    private final int mask;
    private final long[] sequences;
    private final long[] numbers;
    private final @Nullable Method<?, ?, ?>[] methods;
    private final String[] peers;

    /** The number of the next record. */
    private final AtomicLong tail = new AtomicLong();

    private final LongAdder dropped = new LongAdder();

    /** The next record to be taken. Used by the thread that takes only. */
    private long head;

    /** @param capacity a power of two */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    CallRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of two");
        }
        this.mask = capacity - 1;
        this.sequences = new long[capacity];
        this.numbers = new long[capacity * WIDTH];
        this.methods = new Method[capacity];
        this.peers = new String[capacity];
        for (int i = 0; i < capacity; i++) {
            sequences[i] = i;
            peers[i] = "";
        }
    }

    /** Puts a record in, or counts it as lost. From any thread. */
    void put(CallRecord call) {
        long number = tail.get();
        while (true) {
            long sequence = (long) LONGS.getAcquire(sequences, (int) number & mask);
            if (sequence == number) {
                long now = tail.compareAndExchange(number, number + 1);
                if (now == number) {
                    break;
                }
                number = now;
            } else if (sequence < number) {
                dropped.increment();
                return;
            } else {
                number = tail.get();
            }
        }
        int place = (int) number & mask;
        fill(place, call);
        LONGS.setRelease(sequences, place, number + 1);
    }

    private void fill(int place, CallRecord call) {
        int at = place * WIDTH;
        long[] to = numbers;
        to[at + KIND] = (call.status & 0xff) | (call.server ? SERVER : 0) | (call.streams ? STREAMS : 0);
        to[at + CALL_ID] = call.callId;
        to[at + TRACE_HIGH] = call.traceHigh;
        to[at + TRACE_LOW] = call.traceLow;
        to[at + FIRST] = call.firstNanos;
        to[at + SECOND] = call.secondNanos;
        to[at + THIRD] = call.thirdNanos;
        to[at + LAST] = call.lastNanos;
        to[at + REQUEST_BYTES] = call.requestBytes;
        to[at + REPLY_BYTES] = call.replyBytes;
        to[at + SERVER_MICROS] = ((long) call.queueMicros << 32) | (call.handlerMicros & 0xffff_ffffL);
        if (call.streams) {
            to[at + ITEMS] = call.requestItems;
            to[at + ITEMS + 1] = call.requestItemBytes;
            to[at + ITEMS + 2] = call.replyItems;
            to[at + ITEMS + 3] = call.replyItemBytes;
        }
        if (!Objects.equals(methods[place], call.method)) {
            methods[place] = call.method;
        }
        if (!peers[place].equals(call.peer)) {
            peers[place] = call.peer;
        }
    }

    /** The oldest record, which {@link #taken} makes room for the next; null if there is none. By one thread at a time. */
    @Nullable
    CallRecord oldest() {
        int place = (int) head & mask;
        if ((long) LONGS.getAcquire(sequences, place) != head + 1) {
            return null;
        }
        int at = place * WIDTH;
        long[] from = numbers;
        long kind = from[at + KIND];
        CallRecord call = new CallRecord((kind & SERVER) != 0, peers[place], methods[place], from[at + FIRST]);
        call.status = (int) kind & 0xff;
        call.callId = from[at + CALL_ID];
        call.traceHigh = from[at + TRACE_HIGH];
        call.traceLow = from[at + TRACE_LOW];
        call.secondNanos = from[at + SECOND];
        call.thirdNanos = from[at + THIRD];
        call.lastNanos = from[at + LAST];
        call.requestBytes = from[at + REQUEST_BYTES];
        call.replyBytes = from[at + REPLY_BYTES];
        call.queueMicros = (int) (from[at + SERVER_MICROS] >> 32);
        call.handlerMicros = (int) from[at + SERVER_MICROS];
        call.streams = (kind & STREAMS) != 0;
        if (call.streams) {
            call.requestItems = from[at + ITEMS];
            call.requestItemBytes = from[at + ITEMS + 1];
            call.replyItems = from[at + ITEMS + 2];
            call.replyItemBytes = from[at + ITEMS + 3];
        }
        return call;
    }

    /** Frees the place of the oldest record. By the thread that takes. */
    void taken() {
        LONGS.setRelease(sequences, (int) head & mask, head + mask + 1);
        head++;
    }

    /** Records that found no place so far. */
    long dropped() {
        return dropped.sum();
    }

    int capacity() {
        return mask + 1;
    }

    /** How many records there are, about. */
    long size() {
        return tail.get() - head;
    }
}
