package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.spi.MemoryRegistry.MemoryListener;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the pool takes memory from the system, and who hears of it. */
final class BufferPoolSlabTest {
    private static final int MIB = 1 << 20;

    private final BufferPool pool = new BufferPool(new BufferPoolConfig(32 * MIB, 8 * MIB), Environment.system());

    /** Slabs that were reported and not freed since. */
    private static final class Reported implements MemoryListener {
        final List<MemorySegment> slabs = new ArrayList<>();

        @Override
        public void added(MemorySegment slab) {
            slabs.add(slab);
        }

        @Override
        public void freed(MemorySegment slab) {
            assertTrue(slab.scope().isAlive(), "told before the memory is freed");
            assertTrue(slabs.remove(slab), "told of memory that was there");
        }

        long bytes() {
            return slabs.stream().mapToLong(MemorySegment::byteSize).sum();
        }
    }

    @Test
    void smallBuffersShareSlabsAndLargeOnesDoNot() {
        try (Buffer one = pool.acquire(4096);
                Buffer two = pool.acquire(4096);
                Buffer large = pool.acquire(2 * MIB)) {
            assertEquals(4096, Math.abs(one.segment().address() - two.segment().address()));
            BufferPoolMetrics metrics = pool.metrics();
            assertEquals(3 * MIB, metrics.slabBytes());
            assertEquals(2 * MIB + 8192, metrics.usedBytes());
            assertEquals(
                    new BufferPoolMetrics.OfSize(4096, 1, 2, 254),
                    metrics.sizes().getFirst());
            assertEquals(
                    new BufferPoolMetrics.OfSize(2 * MIB, 1, 1, 0),
                    metrics.sizes().get(9));
            assertEquals(2 * MIB, large.segment().byteSize());
        }
        assertEquals(0, pool.metrics().usedBytes());
        assertEquals(2 * MIB + 8192, pool.metrics().usedBytesMax());
        pool.close();
        assertEquals(0, pool.metrics().slabBytes());
    }

    @Test
    void listenersHearOfEachSlabAsLongAsTheyListen() {
        Reported early = new Reported();
        Reported late = new Reported();
        var earlySubscription = pool.registry().listen(early);
        assertEquals(0, early.bytes());
        Buffer small = pool.acquire(1);
        var lateSubscription = pool.registry().listen(late);
        assertEquals(early.slabs, late.slabs);
        Buffer large = pool.acquire(8 * MIB);
        assertEquals(9 * MIB, early.bytes());
        assertTrue(early.slabs.stream()
                .anyMatch(slab -> slab.asOverlappingSlice(large.segment()).isPresent()));
        earlySubscription.close();
        large.close();
        small.close();
        pool.close();
        assertEquals(9 * MIB, early.bytes(), "it does not listen any more");
        assertEquals(0, late.bytes());
        lateSubscription.close();
    }

    @Test
    void slabsThatAreNotInUseMakeRoomForOtherSizesBeforeTheyAreReplaced() {
        Reported reported = new Reported();
        try (var _ = pool.registry().listen(reported)) {
            List<Buffer> large = acquire(4, 8 * MIB);
            assertEquals(32 * MIB, reported.bytes());
            large.removeLast().close();
            Buffer small = pool.acquire(4096);
            assertEquals(25 * MIB, reported.bytes());
            RpcException e = assertThrows(RpcException.class, () -> pool.acquire(8 * MIB));
            assertEquals(StatusCode.RESOURCE_EXHAUSTED, e.code());
            small.close();
            large.add(pool.acquire(8 * MIB));
            assertEquals(32 * MIB, reported.bytes());
            large.forEach(Buffer::close);
        }
        pool.close();
    }

    @Test
    void whatIsLeftOfThePoolIsUsedByASmallerSlab() {
        BufferPool odd = new BufferPool(new BufferPoolConfig(MIB + 12_288, MIB), Environment.system());
        Buffer large = odd.acquire(MIB);
        List<Buffer> small = List.of(odd.acquire(4096), odd.acquire(4096), odd.acquire(4096));
        assertEquals(MIB + 12_288, odd.usedBytes());
        assertThrows(RpcException.class, () -> odd.acquire(4096));
        large.close();
        small.forEach(Buffer::close);
        odd.close();
    }

    @Test
    void buffersInUseGatherInFewSlabs() {
        List<Buffer> all = acquire(1024, 4096);
        all.forEach(Buffer::close);
        acquire(256, 4096).forEach(Buffer::close);
        Buffer kept = pool.acquire(4096);
        List<Buffer> large = acquire(3, 8 * MIB);
        assertEquals(4, pool.metrics().sizes().getFirst().slabs());
        for (int size : new int[] {4 * MIB, 2 * MIB, MIB}) {
            large.add(pool.acquire(size));
        }
        assertEquals(1, pool.metrics().sizes().getFirst().slabs());
        kept.close();
        large.forEach(Buffer::close);
        pool.close();
    }

    private List<Buffer> acquire(int count, int size) {
        List<Buffer> buffers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            buffers.add(pool.acquire(size));
        }
        return buffers;
    }
}
