package dev.weft.rpc.rdma;

import dev.weft.rpc.rdma.verbs.RecvChain;
import java.io.IOException;

/** The buffers of a ring that wait for messages. For the poller's thread, except where it says otherwise. */
final class Receives {
    private final RecvChain chain;
    private final Ring ring;
    private final int index;

    /** Given back, and not posted yet. */
    private int ready;

    /** They complete in the order in which they were posted. */
    private int next;

    /** That the device has. Written by the poller's thread. */
    private volatile int outstanding;

    /** @param index of the queue pair at its poller */
    Receives(RecvChain chain, Ring ring, int index) {
        this.chain = chain;
        this.ring = ring;
        this.index = index;
    }

    /** Posts all; before the queue pair is connected, by the thread that makes it. */
    void postAll() throws IOException {
        for (int place = 0; place < ring.receives(); place++) {
            giveBack(place);
        }
        post();
    }

    /** The device has reported one, filled or not. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    void reported() {
        outstanding--;
    }

    /** Whether the buffer at {@code place} is the one that had to be filled next; if not, a completion was lost. */
    boolean isNext(int place) {
        boolean expected = place == next;
        next = next + 1 == ring.receives() ? 0 : next + 1;
        return expected;
    }

    /** The buffer was read: it can be posted again. */
    void giveBack(int place) {
        long at = ring.memory().address() + ring.receiveAt(place);
        chain.add(WorkRequestId.of(index, WorkRequestId.RECEIVE, place), at, ring.slotBytes(), ring.lkey());
        ready++;
    }

    boolean hasReady() {
        return ready > 0;
    }

    /** Posts what was given back. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    void post() throws IOException {
        outstanding += ready;
        try {
            chain.execute();
        } finally {
            forget();
        }
    }

    /** Posts nothing any more. */
    void forget() {
        chain.clear();
        ready = 0;
    }

    /** Whether the device has given all back. For any thread. */
    boolean areBack() {
        return outstanding == 0;
    }

    /** The queue pair is destroyed. By the thread that buries it. */
    void free() {
        chain.free();
    }
}
