package dev.weft.rpc.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.spi.CallRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class LanesTest {
    private static Consumer<Batch> reading(Consumer<RecordedCall> to) {
        return batch -> {
            try {
                new BatchReader(batch.end(1, 0, Instant.EPOCH, 0)).read(to);
            } catch (BatchReader.BadBatchException e) {
                throw new AssertionError(e);
            }
        };
    }

    @Test
    void whatIsPutIsTakenOnce() {
        Lanes lanes = new Lanes(4, 2);
        List<Long> taken = new ArrayList<>();
        for (long id = 0; id < 10; id++) {
            lanes.put(Calls.client("peer", id, id));
        }
        lanes.take(reading(call -> taken.add(call.callId())));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), taken);
        lanes.take(reading(call -> taken.add(call.callId())));
        assertEquals(10, taken.size());
    }

    @Test
    void whatFindsNoRoomIsCounted() {
        Lanes lanes = new Lanes(1, 2);
        long put = 0;
        while (lanes.dropped() == 0) {
            lanes.put(Calls.client("peer", put, put));
            put++;
        }
        long[] taken = {0};
        lanes.take(reading(call -> assertEquals(taken[0]++, call.callId())));
        assertEquals(put - 1, taken[0]);
        lanes.put(Calls.client("peer", put, put));
        assertEquals(1, lanes.dropped(), "there is room again");
        lanes.take(reading(call -> taken[0]++));
        assertEquals(put, taken[0]);
    }

    /** Every record comes out once and whole, or is counted. */
    @Test
    void nothingIsLostWithoutBeingCountedWhenManyThreadsPutAtOnce() throws InterruptedException {
        int threads = 4;
        int each = 50_000;
        Lanes lanes = new Lanes(2, 2);
        CountDownLatch running = new CountDownLatch(threads);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            long base = (long) t << 32;
            all.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    CallRecord call = Calls.client("peer " + i % 3, base | i, i);
                    call.requestBytes = base | i;
                    lanes.put(call);
                }
                running.countDown();
            }));
        }
        Set<Long> taken = new HashSet<>();
        Consumer<Batch> check = reading(call -> {
            assertEquals(call.requestBytes(), call.callId());
            assertEquals("peer " + (int) call.callId() % 3, call.peer());
            assertTrue(taken.add(call.callId()), "once");
        });
        while (running.getCount() > 0) {
            lanes.take(check);
        }
        for (Thread thread : all) {
            thread.join();
        }
        lanes.take(check);
        assertEquals((long) threads * each, taken.size() + lanes.dropped());
    }
}
