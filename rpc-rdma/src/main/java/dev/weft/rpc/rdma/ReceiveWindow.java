package dev.weft.rpc.rdma;

/**
 * The other end of a {@link SendWindow}: counts what was consumed and says when to tell.
 *
 * <p>A sender that has used up its credits has {@code capacity} buffers that were not acknowledged, at least {@code batch}
 * of which will be, so it never waits for ever. For the same reason no more than {@code capacity / batch + 1}
 * acknowledgements are on their way: that many receives are posted for them besides those for buffers.
 */
final class ReceiveWindow {
    static final long LOW_24 = 0xFF_FFFF;

    private final int batch;

    /** Written by the poller's thread. */
    private volatile long received;

    /** Changed under the queue pair's post lock. */
    private volatile long acknowledged;

    ReceiveWindow(int batch) {
        this.batch = batch;
    }

    /** How many receives a queue pair posts in all, for a peer whose ring has {@code capacity} buffers. */
    static int receives(int capacity) {
        return capacity + capacity / batchFor(capacity) + 2;
    }

    /** After how many buffers the sender is told. */
    static int batchFor(int capacity) {
        return capacity / 4;
    }

    void receive() {
        long next = received + 1;
        received = next;
    }

    /** Buffers consumed so far. */
    long received() {
        return received;
    }

    /** Whether the sender has to be told now. */
    boolean isDue() {
        return received - acknowledged >= batch;
    }

    /** The word that tells the sender everything so far. */
    int acknowledge() {
        long now = received;
        acknowledged = now;
        return (int) (now & LOW_24);
    }
}
