package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.spi.MemoryRegistry.MemoryListener;
import dev.weft.rpc.spi.MemoryRegistry.Pin;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/** A pool, what a test has from it, and what must be true of both at any time. */
final class BufferPoolModel {
    static final int BUFFER_BYTES_MAX = 256 << 10;
    private static final long POOL_BYTES = 1 << 20;
    private static final long PATIENCE_NANOS = 500;

    private final StoppedClock clock = new StoppedClock(0);
    private final BufferPool pool = new BufferPool(
            new BufferPoolConfig(POOL_BYTES, BUFFER_BYTES_MAX),
            new Environment(clock, new SplittableRandom(1), this::newThread));
    private final Slabs slabs = new Slabs();

    /** What is held, each filled with its own mark. */
    private final List<Held> held = new ArrayList<>();

    private final List<Pin> pins = new ArrayList<>();
    private final ArrayDeque<WaitingAcquire> waiting = new ArrayDeque<>();

    /** What the pool does on threads of its own. */
    private final List<Thread> threads = new ArrayList<>();

    private byte nextMark;
    private int released;
    private int registered;

    private static final class Held {
        final Buffer buffer;
        final byte mark;
        RemoteMemory remote = new RemoteMemory(0, 0, 0, Access.READ);
        boolean granted;

        Held(Buffer buffer, byte mark) {
            this.buffer = buffer;
            this.mark = mark;
        }
    }

    /** The slabs that the pool says it has. */
    private static final class Slabs implements MemoryListener {
        final List<MemorySegment> present = new ArrayList<>();

        @Override
        public synchronized void added(MemorySegment slab) {
            assertTrue(present.stream()
                    .noneMatch(other -> other.asOverlappingSlice(slab).isPresent()));
            present.add(slab);
        }

        @Override
        public synchronized void freed(MemorySegment slab) {
            assertTrue(slab.scope().isAlive() && present.remove(slab));
        }

        synchronized boolean contain(MemorySegment memory) {
            return present.stream().anyMatch(slab -> {
                long offset = memory.address() - slab.address();
                return offset >= 0 && offset + memory.byteSize() <= slab.byteSize();
            });
        }

        synchronized long bytes() {
            return present.stream().mapToLong(MemorySegment::byteSize).sum();
        }
    }

    BufferPoolModel() {
        pool.registry().listen(slabs);
    }

    // --- what can be done

    void acquire(int size) {
        try {
            hold(pool.acquire(size));
            assertTrue(waiting.isEmpty(), "served before those that wait");
        } catch (RpcException e) {
            assertEquals(StatusCode.RESOURCE_EXHAUSTED, e.code());
        }
    }

    void acquireOrWait(int size) {
        waiting.add(WaitingAcquire.start(pool, size, clock.nanoTime() + PATIENCE_NANOS));
        settle();
    }

    @SuppressWarnings("MustBeClosedChecker") // closed when it is released
    void register(int size) {
        Arena arena = Arena.ofShared();
        registered++;
        hold(pool.register(arena.allocate(size + 1L), () -> {
            arena.close();
            released++;
        }));
    }

    void close(int choice) {
        if (!held.isEmpty()) {
            Held closed = held.remove(choice % held.size());
            checkMark(closed);
            closed.buffer.close();
            assertRefused(closed);
            settle();
        }
    }

    void grant(int choice) {
        if (!held.isEmpty()) {
            Held chosen = held.get(choice % held.size());
            chosen.remote = chosen.buffer.remote(Access.READ);
            chosen.granted = true;
        }
    }

    void revoke(int choice) {
        if (!held.isEmpty()) {
            Held chosen = held.get(choice % held.size());
            chosen.buffer.revoke();
            assertRefused(chosen);
            chosen.granted = false;
        }
    }

    void pin(int choice) {
        if (!held.isEmpty()) {
            Held chosen = held.get(choice % held.size());
            if (chosen.granted) {
                pins.add(
                        assertInstanceOf(PinResult.Pinned.class, pool.registry().pin(chosen.remote, Access.READ))
                                .pin());
            }
        }
    }

    void unpin(int choice) {
        if (!pins.isEmpty()) {
            pins.remove(choice % pins.size()).close();
            settle();
        }
    }

    void interrupt(int choice) {
        waiting.stream()
                .skip(waiting.isEmpty() ? 0 : choice % waiting.size())
                .findFirst()
                .ifPresent(chosen -> {
                    chosen.interrupt();
                    while (!chosen.done()) {
                        Thread.onSpinWait();
                    }
                    waiting.remove(chosen);
                    assertEquals(
                            StatusCode.CANCELLED,
                            assertInstanceOf(RpcException.class, chosen.failure())
                                    .code());
                    settle();
                });
    }

    void advance(int nanos) {
        clock.advance(nanos);
        settle();
    }

    // --- what must be true

    private Thread newThread(Runnable body) {
        Thread thread = Thread.ofVirtual().unstarted(body);
        threads.add(thread);
        return thread;
    }

    /** Waits for all threads to do what they can, and takes what they got. */
    private void settle() {
        threads.stream().filter(thread -> thread.getState() != Thread.State.NEW).forEach(BufferPoolModel::join);
        waiting.forEach(WaitingAcquire::settle);
        boolean stillWaits = false;
        for (Iterator<WaitingAcquire> all = waiting.iterator(); all.hasNext(); ) {
            WaitingAcquire each = all.next();
            if (!each.done()) {
                stillWaits = true;
            } else {
                all.remove();
                if (each.failure() instanceof RpcException e) {
                    assertEquals(StatusCode.RESOURCE_EXHAUSTED, e.code());
                } else {
                    assertFalse(stillWaits, "served before one that came earlier");
                    hold(each.buffer());
                }
            }
        }
    }

    private static void join(Thread thread) {
        while (thread.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
    }

    void check() {
        held.forEach(this::checkMark);
        BufferPoolMetrics metrics = pool.metrics();
        assertTrue(metrics.slabBytes() <= POOL_BYTES, "slabs of " + metrics.slabBytes());
        assertEquals(metrics.slabBytes() + metrics.registeredBytes(), slabs.bytes());
        long blockBytes = metrics.sizes().stream()
                .mapToLong(size -> size.blockBytes() * (size.usedBuffers() + size.freeBuffers()))
                .sum();
        assertEquals(metrics.slabBytes(), blockBytes);
        assertEquals(waiting.size(), metrics.waiting());
        assertTrue(pool.usedBuffers() + metrics.registeredBuffers() >= held.size());
    }

    void closeAll() {
        while (!held.isEmpty() || !pins.isEmpty() || !waiting.isEmpty()) {
            close(0);
            unpin(0);
        }
        check();
        assertEquals(0, pool.usedBytes());
        assertEquals(0, pool.registry().size());
        pool.close();
        assertEquals(0, slabs.bytes());
        assertEquals(registered, released);
    }

    private void hold(Buffer buffer) {
        Held made = new Held(buffer, nextMark++);
        buffer.segment().fill(made.mark);
        assertTrue(buffer.segment().byteSize() == 0 || slabs.contain(buffer.segment()), "outside of all slabs");
        held.add(made);
    }

    /** A buffer that shares memory with another finds the other's mark. */
    private void checkMark(Held one) {
        MemorySegment memory = one.buffer.segment();
        long last = memory.byteSize() - 1;
        if (last >= 0) {
            assertEquals(one.mark, memory.get(ValueLayout.JAVA_BYTE, 0));
            assertEquals(one.mark, memory.get(ValueLayout.JAVA_BYTE, last));
        }
    }

    private void assertRefused(Held revoked) {
        if (revoked.granted) {
            assertInstanceOf(PinResult.Refused.class, pool.registry().pin(revoked.remote, Access.READ));
        }
    }
}
