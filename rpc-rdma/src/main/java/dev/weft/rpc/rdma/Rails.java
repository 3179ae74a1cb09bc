package dev.weft.rpc.rdma;

import dev.weft.rpc.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The rails of a connection, up and down, and the queue pairs of theirs that are being buried. */
final class Rails {
    private final Rail[] rails = new Rail[Rail.RAILS_MAX];
    private final Clock clock;

    /** Queue pairs that are being buried. */
    private final AtomicInteger burials = new AtomicInteger();

    /** When the last rail went down; meaningful while none is up. */
    private volatile long downSinceNanos;

    Rails(RdmaConnection connection, Clock clock) {
        this.clock = clock;
        for (int i = 0; i < rails.length; i++) {
            rails[i] = new Rail(connection, i);
        }
    }

    Rail get(int index) {
        return rails[index];
    }

    int up() {
        int up = 0;
        for (Rail rail : rails) {
            if (rail.isUp()) {
                up++;
            }
        }
        return up;
    }

    long downSinceNanos() {
        return downSinceNanos;
    }

    // --- which one to use

    /** The queue pair with most credits; null if none has any. */
    @Nullable
    QueuePair readiest() {
        QueuePair best = null;
        int most = 0;
        for (Rail rail : rails) {
            QueuePair queuePair = rail.current();
            int credits = queuePair == null ? 0 : queuePair.credits();
            if (credits > most) {
                best = queuePair;
                most = credits;
            }
        }
        return best;
    }

    /** The rail with the fewest bytes under way of those that reach the memory; null if there is none. */
    @Nullable
    Rail leastLoaded(Grant grant) {
        Rail best = null;
        long least = Long.MAX_VALUE;
        for (Rail rail : rails) {
            if (rail.isUp() && grant.reachableOver(rail) && rail.load() < least) {
                best = rail;
                least = rail.load();
            }
        }
        return best;
    }

    /** How many of so many pieces one rail gets, so that all have some. */
    int share(int pieces) {
        int up = Math.max(1, up());
        return (pieces + up - 1) / up;
    }

    // --- the peer's signs of life

    /** Asks the peer for one on rails that were silent since the last time. */
    void checkSilence() {
        for (Rail rail : rails) {
            QueuePair queuePair = rail.current();
            if (queuePair != null && !queuePair.takeHeard() && queuePair.probe() > 1) {
                rail.fail(queuePair, "the peer does not answer");
            }
        }
    }

    /** Whether the peer has said that it closes on every rail that is left: everything else it sent came before. */
    boolean allSaidBye() {
        for (Rail rail : rails) {
            if (rail.isUp() && !rail.saidBye()) {
                return false;
            }
        }
        return true;
    }

    /** Sends a frame on every rail, and waits for it to arrive, on all together no longer than until {@code untilNanos}. */
    void sayLast(byte[] frame, long untilNanos) {
        for (Rail rail : rails) {
            QueuePair queuePair = rail.current();
            if (queuePair != null && queuePair.sendNow(frame)) {
                while (!queuePair.isFlushed() && clock.nanoTime() - untilNanos < 0) {
                    clock.parkUntil(this, clock.nanoTime() + 200_000);
                }
            }
        }
    }

    // --- ends

    /** A device says that it has given a queue pair up. */
    void endQueuePair(OpenDevice device, int number) {
        for (Rail rail : rails) {
            QueuePair queuePair = rail.current();
            if (queuePair != null && queuePair.device() == device && queuePair.number() == number) {
                rail.fail(queuePair, "the device gave it up");
            }
        }
    }

    /** A device cannot be used: its rails are given up before their requests run into time-outs. */
    void end(OpenDevice device, String reason) {
        for (Rail rail : rails) {
            QueuePair queuePair = rail.current();
            if (queuePair != null && queuePair.device() == device) {
                rail.fail(queuePair, reason);
            }
        }
    }

    /** Ends all, and returns when nothing is left of them. */
    void endAll(String reason) {
        for (Rail rail : rails) {
            rail.end(reason);
        }
        for (Rail rail : rails) {
            awaitBurials(rail);
        }
    }

    /** A queue pair is out of use, and will be buried. */
    void burialBegins() {
        burials.incrementAndGet();
        downSinceNanos = clock.nanoTime();
    }

    void burialEnded() {
        burials.decrementAndGet();
    }

    /** Waits until no queue pair is being buried, and the rail, whose queue pair has failed, has none. */
    void awaitBurials(Rail rail) {
        while (rail.hasQueuePair() || burials.get() > 0) {
            clock.parkUntil(this, clock.nanoTime() + 1_000_000);
        }
    }
}
