package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.spi.MemoryRegistry.MemoryListener;
import dev.weft.rpc.spi.MemoryRegistry.Pin;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user's own memory behind a buffer. */
final class RegisteredMemoryTest {
    private final BufferPool pool = new BufferPool(new BufferPoolConfig(1 << 20, 1 << 20), Environment.system());
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(3 << 20, 8);

    RegisteredMemoryTest() {
        pool.registry().listen(new MemoryListener() {
            @Override
            public void added(MemorySegment slab) {
                events.add("added " + slab.byteSize());
            }

            @Override
            public void freed(MemorySegment slab) {
                events.add("freed " + slab.byteSize());
            }
        });
    }

    @AfterEach
    void nothingLeaks() {
        assertEquals(0, pool.registry().size());
        pool.close();
    }

    @Test
    void isGrantedAsAnyOtherAndCountsAgainstNoLimit() {
        try (Buffer buffer = pool.register(memory, () -> events.add("released"))) {
            assertEquals(memory, buffer.segment());
            assertEquals(3 << 20, pool.metrics().registeredBytes());
            assertEquals(0, pool.usedBytes());
            RemoteMemory remote = buffer.remote(Access.READ);
            try (Pin pin = pin(remote)) {
                assertEquals(memory.address(), pin.memory().address());
            }
            pool.acquire(1 << 20).close();
        }
        assertEquals(List.of("added 3145728", "added 1048576", "freed 3145728", "released"), events);
        assertEquals(0, pool.metrics().registeredBytes());
        assertTrue(arena.scope().isAlive(), "the memory stays the user's");
        arena.close();
    }

    @Test
    void isReleasedOnAThreadOfItsOwnWhenATransferEndsAfterTheBuffer() throws InterruptedException {
        AtomicReference<Thread> releasing = new AtomicReference<>();
        CountDownLatch released = new CountDownLatch(1);
        Buffer buffer = pool.register(memory, () -> {
            releasing.set(Thread.currentThread());
            released.countDown();
        });
        Pin pin = pin(buffer.remote(Access.READ));
        buffer.close();
        assertTrue(pin.revoked());
        assertEquals(List.of("added 3145728"), events);
        IllegalStateException e = assertThrows(IllegalStateException.class, pool::close);
        assertTrue(String.valueOf(e.getMessage()).startsWith("1 buffers"), e.getMessage());
        pin.close();
        released.await();
        assertNotEquals(Thread.currentThread(), releasing.get());
        assertEquals(List.of("added 3145728", "freed 3145728"), events);
    }

    @Test
    void canBeRegisteredTwice() {
        Buffer first = pool.register(memory, () -> events.add("first"));
        Buffer second = pool.register(memory, () -> events.add("second"));
        RemoteMemory remote = second.remote(Access.READ);
        first.close();
        pin(remote).close();
        second.close();
        second.close();
        assertEquals(
                List.of("added 3145728", "added 3145728", "freed 3145728", "first", "freed 3145728", "second"), events);
    }

    @Test
    void refusesWhatATransferCannotUse() {
        assertRefused(MemorySegment.NULL);
        assertRefused(MemorySegment.ofArray(new byte[10]));
        assertRefused(memory.asReadOnly());
        try (Arena confined = Arena.ofConfined()) {
            assertRefused(confined.allocate(10));
        }
        arena.close();
        assertEquals(List.of(), events);
        assertFalse(pool.metrics().registeredBuffers() > 0);
    }

    private void assertRefused(MemorySegment unfit) {
        assertThrows(IllegalArgumentException.class, () -> pool.register(unfit, () -> {}));
    }

    private Pin pin(RemoteMemory remote) {
        return assertInstanceOf(PinResult.Pinned.class, pool.registry().pin(remote, Access.READ))
                .pin();
    }
}
