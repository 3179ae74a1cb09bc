package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One-sided memory, as every transport has to do it. */
abstract class MemoryContract extends TransportFixture {
    @Test
    final void handlerReadsAndWritesMemoryOfTheCaller() {
        for (int size : new int[] {1, 4096, 300_000, 4 << 20}) {
            try (Buffer buffer = clientBuffers.acquire(size)) {
                Pattern.fill(buffer.segment(), size);
                long expected = Pattern.checksum(buffer.segment());
                assertEquals(
                        expected,
                        service.readMemory(new MemoryRequest(buffer.remote(Access.READ)))
                                .checksum());
                long written = service.writeMemory(new MemoryRequest(buffer.remote(Access.WRITE)))
                        .checksum();
                assertEquals(written, Pattern.checksum(buffer.segment()));
            }
        }
    }

    @Test
    final void memoryIsRefusedBeyondItsBoundsAccessAndLife() {
        try (Buffer buffer = clientBuffers.acquire(4096)) {
            RemoteMemory readable = buffer.remote(Access.READ);
            assertMemoryRefused(() -> service.writeMemory(new MemoryRequest(readable)));
            RemoteMemory tooLong = new RemoteMemory(readable.key(), 0, 4097, Access.READ);
            assertMemoryRefused(() -> service.readMemory(new MemoryRequest(tooLong)));
            RemoteMemory before = new RemoteMemory(readable.key(), -1, 10, Access.READ);
            assertMemoryRefused(() -> service.readMemory(new MemoryRequest(before)));
            RemoteMemory unknown = new RemoteMemory(readable.key() + 1, 0, 10, Access.READ);
            assertMemoryRefused(() -> service.readMemory(new MemoryRequest(unknown)));
            RemoteMemory part = readable.slice(4000, 96);
            service.readMemory(new MemoryRequest(part));
            buffer.revoke();
            assertMemoryRefused(() -> service.readMemory(new MemoryRequest(part)));
        }
        assertEquals(1, server.connections(), "a refused transfer costs itself only");
    }

    @Test
    final void lateWriteDoesNotTouchMemoryThatIsInUseAgain() {
        int size = 300_000;
        Buffer buffer = clientBuffers.acquire(size);
        long address = buffer.segment().address();
        RemoteMemory granted = buffer.remote(Access.WRITE);
        List<Buffer> usedAgain = new ArrayList<>();
        handler.during(() -> {
            buffer.close();
            Buffer next = opened(clientBuffers.acquire(size));
            Pattern.fill(next.segment(), 7);
            usedAgain.add(next);
        });
        assertMemoryRefused(() -> service.writeMemory(new MemoryRequest(granted)));
        MemorySegment memory = usedAgain.getFirst().segment();
        assertEquals(address, memory.address(), "the pool hands out the same memory, or this shows nothing");
        assertEquals(-1, memory.mismatch(Pattern.bytes(size, 7)));
        assertEquals(1, server.connections(), "a refused transfer costs itself only");
    }

    @Test
    final void batchScattersAndGathersPiecesOfSeveralBuffers() {
        try (Buffer one = clientBuffers.acquire(2 << 20);
                Buffer two = clientBuffers.acquire(100_000)) {
            Pattern.fill(one.segment(), 1);
            Pattern.fill(two.segment(), 2);
            RemoteMemory first = one.remote(Access.READ_WRITE);
            RemoteMemory second = two.remote(Access.READ);
            List<RemoteMemory> reads = List.of(
                    second.slice(5, 70_000), first.slice(0, 1), first.slice(1_500_000, 300_001), second.slice(0, 0));
            MemorySegment gathered = MemorySegment.ofArray(new byte[370_002]);
            gathered.asSlice(0, 70_000).copyFrom(two.segment().asSlice(5, 70_000));
            gathered.asSlice(70_000, 1).copyFrom(one.segment().asSlice(0, 1));
            gathered.asSlice(70_001, 300_001).copyFrom(one.segment().asSlice(1_500_000, 300_001));
            List<RemoteMemory> writes = List.of(first.slice(1000, 400_000), first.slice(600_000, 3));
            assertEquals(
                    Pattern.checksum(gathered),
                    service.batch(new BatchRequest(reads, writes)).checksum());
            MemorySegment expected = MemorySegment.ofArray(new byte[2 << 20]);
            Pattern.fill(expected, 1);
            Pattern.fill(expected.asSlice(1000, 400_000), ContractHandler.PATTERN_SEED);
            Pattern.fill(expected.asSlice(600_000, 3), ContractHandler.PATTERN_SEED + 400_000);
            assertEquals(-1, one.segment().mismatch(expected), "what was not to be written is as before");
        }
    }

    @Test
    final void onePieceThatIsRefusedFailsTheBatch() {
        try (Buffer good = clientBuffers.acquire(4096);
                Buffer revoked = clientBuffers.acquire(4096)) {
            RemoteMemory granted = good.remote(Access.READ_WRITE);
            RemoteMemory gone = revoked.remote(Access.READ_WRITE);
            revoked.revoke();
            assertMemoryRefused(() -> service.batch(new BatchRequest(List.of(granted, gone), List.of())));
            assertMemoryRefused(() -> service.batch(new BatchRequest(List.of(granted), List.of(gone, granted))));
            assertEquals(
                    Pattern.checksum(good.segment()),
                    service.batch(new BatchRequest(List.of(granted), List.of())).checksum());
        }
        assertTrue(server.connections() <= 1, "a refused transfer costs itself only");
    }
}
