package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Pieces of a transfer, posted over queue pairs that have little room, end late and fail: each is done exactly once. */
final class TransferOpProperties {
    private static final int FLUSHED = 5;

    private final TransferOp op = new TransferOp();
    private final Grant grant = new Grant(0, 1 << 30, new MemoryKeys(new int[0], new int[0]));

    /** Chains under way over one queue pair. */
    private static final class Chains {
        final PostedTransfers posted;
        final int requestsMax;
        final List<Integer> slots = new ArrayList<>();
        int requests;

        Chains(int requestsMax) {
            this.posted = new PostedTransfers(requestsMax);
            this.requestsMax = requestsMax;
        }
    }

    @Property
    void cutsCoverEachByteOnce(
            @ForAll @Size(max = 20) List<@IntRange(max = 1000) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 300) int pieceBytes) {
        op.begin(Thread.currentThread(), 0);
        MemorySegment memory = Arena.ofAuto().allocate(20_000);
        long at = 0;
        for (int size : sizes) {
            Transfers.cut(op, memory.asSlice(at, size), 7 + at, size % 2 == 0, grant, pieceBytes);
            at += size;
        }
        long expected = 0;
        for (int i = 0; i < op.count(); i++) {
            assertTrue(op.bytes(i) > 0 && op.bytes(i) <= pieceBytes, op.bytes(i) + " bytes");
            assertEquals(memory.address() + expected, op.localAddress(i));
            assertEquals(7 + expected, op.remoteAddress(i));
            if (i > 0 && op.continues(i)) {
                assertEquals(op.isRead(i - 1), op.isRead(i));
            }
            expected += op.bytes(i);
        }
        assertEquals(at, expected);
    }

    @Property
    @SuppressWarnings("NullAway") // the queue pair is only kept
    void eachPieceIsDoneOnceWhateverFails(
            @ForAll @IntRange(min = 1, max = 100) int pieces,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 40) Integer> rooms,
            @ForAll @Size(max = 200) List<@IntRange(max = 9999) Integer> steps) {
        op.begin(Thread.currentThread(), 0);
        for (int i = 0; i < pieces; i++) {
            op.add(i, 1, i, true, grant);
        }
        int[] done = new int[pieces];
        List<Chains> queuePairs = rooms.stream().map(Chains::new).toList();
        for (int step : steps) {
            Chains chains = queuePairs.get(step % rooms.size());
            int choice = step / 4;
            if (choice % 3 == 0) {
                post(chains, 1 + choice % 50);
            } else if (!chains.slots.isEmpty()) {
                Collections.swap(chains.slots, choice % chains.slots.size(), chains.slots.size() - 1);
                end(chains, chains.slots.removeLast(), choice % 3 == 1 ? 0 : FLUSHED, done);
            }
        }
        for (int round = 0; !op.isDone(); round++) {
            assertTrue(round < pieces, "pieces that nobody posts");
            for (Chains chains : queuePairs) {
                post(chains, pieces);
                while (!chains.slots.isEmpty()) {
                    end(chains, chains.slots.removeLast(), 0, done);
                }
            }
        }
        assertFalse(op.hasPosted());
        assertTrue(Arrays.stream(done).allMatch(times -> times == 1), () -> Arrays.toString(done));
        queuePairs.forEach(chains -> assertTrue(chains.posted.isEmpty()));
    }

    @SuppressWarnings("NullAway") // the queue pair is only kept
    private void post(Chains chains, int most) {
        int from = op.nextToDo(0);
        int to = Math.min(op.nextNotToDo(from), from + most);
        int slot = chains.posted.take(op, from, to);
        int room = chains.requestsMax - chains.requests;
        assertEquals(slot < 0, room == 0 || from == op.count());
        if (slot >= 0) {
            assertEquals(from, chains.posted.begin(slot));
            assertEquals(Math.min(to, from + room), chains.posted.end(slot));
            assertFalse(chains.slots.contains(slot), "a slot that is in use");
            chains.slots.add(slot);
            chains.requests += chains.posted.end(slot) - from;
            op.posting(null, from, chains.posted.end(slot));
        }
        assertTrue(chains.requests <= chains.requestsMax);
    }

    private void end(Chains chains, int slot, int status, int[] done) {
        int from = chains.posted.begin(slot);
        int to = chains.posted.end(slot);
        chains.requests -= to - from;
        assertTrue(chains.posted.release(slot));
        assertFalse(chains.posted.release(slot), "it had ended already");
        op.ended(from, to, status);
        for (int i = from; i < to && status == 0; i++) {
            done[i]++;
        }
    }
}
