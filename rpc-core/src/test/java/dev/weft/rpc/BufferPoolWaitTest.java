package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when the pool is used up and somebody would rather wait. */
final class BufferPoolWaitTest {
    private static final int MIB = 1 << 20;

    /** The clock passes its largest value on the way. */
    private static final long START = Long.MAX_VALUE - 5;

    private static final long DEADLINE = Long.MIN_VALUE + 94;

    private final StoppedClock clock = new StoppedClock(START);
    private final Environment environment =
            new Environment(clock, new SecureRandom(), Thread.ofVirtual().factory());
    private final BufferPool pool = new BufferPool(new BufferPoolConfig(2 * MIB, MIB), environment);
    private final List<Buffer> held = new ArrayList<>(List.of(pool.acquire(MIB), pool.acquire(MIB)));

    @AfterEach
    void nothingLeaks() {
        held.forEach(Buffer::close);
        assertEquals(0, pool.usedBytes());
        assertEquals(0, pool.metrics().waiting());
        pool.close();
    }

    @Test
    void doesNotWaitIfThereIsRoom() {
        held.removeLast().close();
        pool.acquire(MIB, START).close();
        assertEquals(0, pool.metrics().waits());
    }

    @Test
    void waitsUntilABufferIsGivenBack() {
        WaitingAcquire waiting = waitFor(MIB);
        assertFalse(waiting.done());
        assertEquals(1, pool.metrics().waiting());
        held.removeLast().close();
        waiting.settle();
        waiting.buffer().close();
        assertEquals(1, pool.metrics().waits());
    }

    @Test
    void givesUpAtTheDeadline() {
        WaitingAcquire waiting = waitFor(1);
        clock.advance(99);
        waiting.settle();
        assertFalse(waiting.done());
        clock.advance(1);
        waiting.settle();
        RpcException e = assertRefused(StatusCode.RESOURCE_EXHAUSTED, waiting.failure());
        assertTrue(e.reason().contains("by the deadline") && e.reason().contains("2097152"), e.reason());
        assertEquals(1, pool.metrics().refusals());
    }

    @Test
    void interruptEndsTheWaitAndIsNotForgotten() throws InterruptedException {
        boolean[] interrupted = new boolean[1];
        Thread thread = Thread.ofVirtual().start(() -> {
            assertRefused(StatusCode.CANCELLED, assertThrows(RpcException.class, () -> pool.acquire(1, DEADLINE)));
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        thread.interrupt();
        thread.join();
        assertTrue(interrupted[0]);
    }

    @Test
    void servesThoseThatWaitInTheirOrder() {
        WaitingAcquire first = waitFor(MIB);
        WaitingAcquire second = waitFor(4096);
        WaitingAcquire third = waitFor(MIB);
        held.removeLast().close();
        settle(first, second, third);
        assertTrue(first.done());
        assertFalse(second.done(), "no room yet");
        first.buffer().close();
        settle(first, second, third);
        assertTrue(second.done());
        assertFalse(third.done(), "the second's slab takes a part of the room");
        second.buffer().close();
        settle(third);
        third.buffer().close();
    }

    @Test
    void nobodyIsServedBeforeThoseThatWait() {
        held.removeLast().close();
        Buffer small = pool.acquire(4096);
        WaitingAcquire large = waitFor(MIB);
        RpcException e = assertThrows(RpcException.class, () -> pool.acquire(4096));
        assertTrue(e.reason().contains("1 threads wait"), e.reason());
        WaitingAcquire later = waitFor(4096);
        small.close();
        settle(large, later);
        large.buffer().close();
        settle(later);
        later.buffer().close();
    }

    @Test
    void nextIsServedWhenTheFirstGivesUp() {
        WaitingAcquire first = waitFor(MIB);
        WaitingAcquire second = waitFor(4096);
        held.removeLast().close();
        settle(first, second);
        WaitingAcquire third = waitFor(MIB);
        WaitingAcquire fourth = waitFor(4096);
        third.interrupt();
        settle(third);
        assertRefused(StatusCode.CANCELLED, third.failure());
        first.buffer().close();
        settle(second, fourth);
        second.buffer().close();
        fourth.buffer().close();
    }

    private WaitingAcquire waitFor(int size) {
        return WaitingAcquire.start(pool, size, DEADLINE);
    }

    private static void settle(WaitingAcquire... waiting) {
        for (WaitingAcquire each : waiting) {
            each.settle();
        }
    }

    private static RpcException assertRefused(StatusCode code, @Nullable Throwable failure) {
        RpcException e = assertInstanceOf(RpcException.class, failure);
        assertEquals(code, e.code());
        return e;
    }
}
