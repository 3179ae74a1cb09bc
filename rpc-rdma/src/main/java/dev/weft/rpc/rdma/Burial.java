package dev.weft.rpc.rdma;

import dev.weft.rpc.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * Ends queue pairs so that nothing of them is left: no request in the device, no completion in its queue, no memory that a
 * late packet could reach. Only then is it known what was received, and may memory be used again.
 */
final class Burial {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    /** How long a device may take to give everything back before the queue pair is destroyed anyhow. */
    private static final long DRAIN_NANOS = 300_000_000;

    private static final long LOOK_NANOS = 200_000;

    private final VerbsThread verbs;
    private final ConnectionEvents events;
    private final Clock clock;

    Burial(VerbsThread verbs, ConnectionEvents events, Clock clock) {
        this.verbs = verbs;
        this.events = events;
        this.clock = clock;
    }

    /** Waits until it is done; says what is left of it. */
    RailRemains bury(Rail rail, QueuePair queuePair) {
        silently(() -> queuePair.id().disconnect());
        long until = clock.nanoTime() + DRAIN_NANOS;
        while (!queuePair.isDrained() && !queuePair.device().isLost() && clock.nanoTime() - until < 0) {
            clock.parkUntil(this, clock.nanoTime() + LOOK_NANOS);
        }
        destroy(queuePair);
        return new RailRemains(
                rail,
                queuePair.epoch(),
                queuePair.receivedCount(),
                queuePair.firstUnacknowledged(),
                queuePair.takeRemains());
    }

    /** A queue pair that was never used. */
    void abandon(QueuePair queuePair) {
        destroy(queuePair);
        queuePair.takeRemains();
    }

    /** Destroys a queue pair, and returns when nothing refers to it. */
    private void destroy(QueuePair queuePair) {
        events.forget(queuePair.id());
        queuePair.awaitPosts();
        silently(() -> queuePair.id().destroyQP());
        queuePair.device().poller().awaitEmpty();
        queuePair.endLost();
        silently(() -> queuePair.id().destroyId());
    }

    private void silently(VerbsThread.Call<Integer> call) {
        try {
            verbs.call(call);
        } catch (IOException | IllegalStateException e) {
            LOG.log(Level.DEBUG, "ending a queue pair", e);
        }
    }
}
