package dev.weft.storage;

import dev.weft.rpc.Clock;
import java.time.Duration;

/**
 * The right to serve, which each answered heartbeat renews from the moment that it was <em>sent</em>.
 *
 * <p>The cluster manager gives less than the time after which it takes a silent node out of its chains. So a node that is
 * cut off stops serving before others take over.
 */
final class Lease {
    private final Clock clock;

    /** Written by the heartbeat thread only. */
    private volatile long endNanos;

    Lease(Clock clock) {
        this.clock = clock;
        this.endNanos = clock.nanoTime();
    }

    void renew(long sentNanos, Duration length) {
        endNanos = sentNanos + length.toNanos();
    }

    boolean held() {
        return endNanos - clock.nanoTime() > 0;
    }
}
