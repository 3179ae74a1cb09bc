package dev.weft.rpc.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.spi.CallRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CallRingTest {
    private static @Nullable CallRecord take(CallRing ring) {
        CallRecord call = ring.oldest();
        if (call != null) {
            ring.taken();
        }
        return call;
    }

    private static CallRecord next(CallRing ring) {
        return Objects.requireNonNull(take(ring));
    }

    @Test
    void recordsComeOutAsTheyWentIn() {
        CallRing ring = new CallRing(4);
        assertNull(ring.oldest());
        CallRecord call = Calls.client("tcp://peer:1", 7, 1_000);
        call.status = 9;
        call.traceHigh = 11;
        call.traceLow = -12;
        call.streams = true;
        call.requestItems = 1;
        call.requestItemBytes = 2;
        call.replyItems = 3;
        call.replyItemBytes = 4;
        ring.put(call);
        CallRecord refused = new CallRecord(true, "tcp://other:2", null, 5);
        ring.put(refused);
        CallRecord first = next(ring);
        assertTrue(!first.server && first.streams);
        assertEquals("tcp://peer:1", first.peer);
        assertEquals(Calls.ECHO, first.method);
        assertEquals(
                List.of(7L, 9L, 11L, -12L, 1_000L, 2_000L, 3_000L, 4_000L, 100L, 200L, 5L, 6L, 1L, 2L, 3L, 4L),
                List.of(
                        first.callId,
                        (long) first.status,
                        first.traceHigh,
                        first.traceLow,
                        first.firstNanos,
                        first.secondNanos,
                        first.thirdNanos,
                        first.lastNanos,
                        first.requestBytes,
                        first.replyBytes,
                        (long) first.queueMicros,
                        (long) first.handlerMicros,
                        first.requestItems,
                        first.requestItemBytes,
                        first.replyItems,
                        first.replyItemBytes));
        CallRecord second = next(ring);
        assertTrue(second.server && !second.streams);
        assertNull(second.method);
        assertEquals(CallRecord.NOT_REACHED, second.lastNanos);
        assertEquals(CallRecord.UNKNOWN, second.queueMicros);
        assertEquals(CallRecord.UNKNOWN, second.handlerMicros);
        assertNull(ring.oldest());
    }

    @Test
    void whatFindsNoPlaceIsCounted() {
        CallRing ring = new CallRing(4);
        for (int i = 0; i < 6; i++) {
            ring.put(Calls.client("p", i, 0));
        }
        assertEquals(2, ring.dropped());
        assertEquals(0, callId(take(ring)));
        ring.put(Calls.client("p", 6, 0));
        assertEquals(2, ring.dropped());
        for (int expected : new int[] {1, 2, 3, 6}) {
            assertEquals(expected, callId(take(ring)));
        }
        assertNull(ring.oldest());
    }

    private static long callId(@Nullable CallRecord call) {
        return call == null ? -1 : call.callId;
    }

    /** Every record comes out once, whole and in its thread's order, or is counted. */
    @Test
    void nothingIsLostWithoutBeingCountedWhenManyThreadsPutAtOnce() throws InterruptedException {
        int threads = 4;
        int each = 20_000;
        CallRing ring = new CallRing(64);
        CountDownLatch running = new CountDownLatch(threads);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            long base = (long) t << 32;
            all.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    CallRecord call = Calls.client("p", base | i, base | i);
                    call.traceLow = ~(base | i);
                    ring.put(call);
                }
                running.countDown();
            }));
        }
        long[] last = {-1, -1, -1, -1};
        long taken = 0;
        while (true) {
            boolean ended = running.getCount() == 0;
            CallRecord call = take(ring);
            if (call != null) {
                int thread = (int) (call.callId >>> 32);
                assertEquals(~call.callId, call.traceLow);
                assertEquals(call.callId + 3000, call.lastNanos);
                assertTrue((int) call.callId > last[thread], "in order");
                last[thread] = (int) call.callId;
                taken++;
            } else if (ended) {
                break;
            }
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertEquals((long) threads * each, taken + ring.dropped());
    }
}
