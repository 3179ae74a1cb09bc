package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.spi.MemoryRegistry.Pin;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BufferPoolTest {
    private static final int MIB = 1 << 20;

    private final BufferPool pool = new BufferPool(new BufferPoolConfig(4 * MIB, MIB), Environment.system());

    @AfterEach
    void nothingLeaks() {
        assertEquals(0, pool.usedBytes());
        assertEquals(0, pool.registry().size());
        pool.close();
        assertThrows(IllegalStateException.class, () -> pool.acquire(1));
    }

    @Test
    void buffersAreOfTheSizeAskedForInBlocksOfPowersOfTwo() {
        int[][] sizesAndBlocks = {{0, 4096}, {1, 4096}, {4096, 4096}, {4097, 8192}, {100_000, 131_072}, {MIB, MIB}};
        for (int[] pair : sizesAndBlocks) {
            try (Buffer buffer = pool.acquire(pair[0])) {
                assertEquals(pair[0], buffer.segment().byteSize());
                assertEquals(pair[1], pool.usedBytes());
                assertEquals(1, pool.usedBuffers());
                assertEquals(0, buffer.segment().address() % 4096);
            }
        }
    }

    @Test
    void refusesSizesOutsideOfItsRange() {
        assertThrows(IllegalArgumentException.class, () -> pool.acquire(-1));
        var e = assertThrows(IllegalArgumentException.class, () -> pool.acquire(MIB + 1));
        assertTrue(String.valueOf(e.getMessage()).contains("1048577"), e.getMessage());
    }

    @Test
    void refusesAtOnceWhenItIsUsedUp() {
        List<Buffer> all = acquire(4, MIB);
        RpcException e = assertThrows(RpcException.class, () -> pool.acquire(1));
        assertEquals(StatusCode.RESOURCE_EXHAUSTED, e.code());
        assertTrue(e.reason().contains("4194304"), e.reason());
        all.removeLast().close();
        pool.acquire(1).close();
        all.forEach(Buffer::close);
    }

    @Test
    void memoryOfLargeBuffersServesSmallOnes() {
        acquire(4, MIB).forEach(Buffer::close);
        List<Buffer> small = acquire(1024, 4096);
        assertEquals(
                1024, small.stream().map(b -> b.segment().address()).distinct().count());
        assertThrows(RpcException.class, () -> pool.acquire(1));
        small.forEach(Buffer::close);
    }

    @Test
    void memoryOfSmallBuffersServesLargeOnes() {
        acquire(1024, 4096).forEach(Buffer::close);
        List<Buffer> large = acquire(4, MIB);
        large.forEach(Buffer::close);
        acquire(1024, 4096).forEach(Buffer::close);
        List<Buffer> mixed = acquire(3, MIB);
        mixed.addAll(acquire(256, 4096));
        assertThrows(RpcException.class, () -> pool.acquire(1));
        mixed.forEach(Buffer::close);
    }

    @Test
    void closeSaysHowManyBuffersAreStillInUseAndFreesNothing() {
        Buffer kept = pool.acquire(10);
        IllegalStateException e = assertThrows(IllegalStateException.class, pool::close);
        assertTrue(String.valueOf(e.getMessage()).startsWith("1 buffers"), e.getMessage());
        kept.segment().fill((byte) 1);
        kept.close();
    }

    @Test
    void closedBufferIsNotUsed() {
        Buffer buffer = pool.acquire(10);
        buffer.close();
        buffer.close();
        assertEquals(0, pool.usedBuffers());
        assertThrows(IllegalStateException.class, buffer::segment);
        assertThrows(IllegalStateException.class, () -> buffer.remote(Access.READ));
    }

    @Test
    void secondGrantReplacesTheFirst() {
        try (Buffer buffer = pool.acquire(10)) {
            RemoteMemory first = buffer.remote(Access.READ);
            RemoteMemory second = buffer.remote(Access.READ);
            assertNotEquals(first.key(), second.key());
            assertRefused(first, Access.READ);
            pin(second, Access.READ).close();
        }
    }

    @Test
    void grantEndsWithTheBuffer() {
        Buffer buffer = pool.acquire(10);
        RemoteMemory remote = buffer.remote(Access.READ_WRITE);
        buffer.close();
        assertRefused(remote, Access.READ);
    }

    @Test
    void grantIsHeldToItsBoundsAndAccess() {
        try (Buffer buffer = pool.acquire(100)) {
            RemoteMemory remote = buffer.remote(Access.WRITE);
            assertRefused(remote, Access.READ);
            assertRefused(new RemoteMemory(remote.key(), 0, 101, Access.WRITE), Access.WRITE);
            assertRefused(new RemoteMemory(remote.key(), 1, 100, Access.WRITE), Access.WRITE);
            assertRefused(new RemoteMemory(remote.key(), -1, 1, Access.WRITE), Access.WRITE);
            assertRefused(new RemoteMemory(remote.key(), Long.MAX_VALUE, 1, Access.WRITE), Access.WRITE);
            assertRefused(new RemoteMemory(remote.key(), 50, Long.MAX_VALUE, Access.WRITE), Access.WRITE);
            assertRefused(new RemoteMemory(remote.key(), 0, 10, Access.READ_WRITE), Access.READ);
            try (Pin pin = pin(remote.slice(90, 10), Access.WRITE)) {
                assertEquals(buffer.segment().address() + 90, pin.memory().address());
                assertEquals(10, pin.memory().byteSize());
            }
        }
    }

    @Test
    void memoryInTransferReturnsOnlyWhenTheTransferLetsGo() {
        Buffer buffer = pool.acquire(MIB);
        RemoteMemory remote = buffer.remote(Access.WRITE);
        Pin first = pin(remote, Access.WRITE);
        Pin second = pin(remote, Access.WRITE);
        buffer.close();
        assertTrue(first.revoked());
        assertRefused(remote, Access.WRITE);
        assertEquals(MIB, pool.usedBytes());
        first.close();
        first.close();
        assertEquals(MIB, pool.usedBytes(), "a pin lets go once");
        second.close();
        assertEquals(0, pool.usedBytes());
    }

    @Test
    void revokedBufferIsStillTheOwners() {
        try (Buffer buffer = pool.acquire(10)) {
            RemoteMemory remote = buffer.remote(Access.READ);
            try (Pin pin = pin(remote, Access.READ)) {
                buffer.revoke();
                assertTrue(pin.revoked());
            }
            buffer.segment().fill((byte) 2);
            assertEquals(1, pool.usedBuffers());
            pin(buffer.remote(Access.READ), Access.READ).close();
        }
    }

    private List<Buffer> acquire(int count, int size) {
        List<Buffer> buffers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            buffers.add(pool.acquire(size));
        }
        return buffers;
    }

    private Pin pin(RemoteMemory remote, Access access) {
        return assertInstanceOf(PinResult.Pinned.class, pool.registry().pin(remote, access))
                .pin();
    }

    private void assertRefused(RemoteMemory remote, Access access) {
        assertInstanceOf(PinResult.Refused.class, pool.registry().pin(remote, access));
    }
}
