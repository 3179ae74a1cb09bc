package dev.weft.rpc.testkit;

import java.time.Duration;

/**
 * How an {@link InMemoryNetwork} treats messages.
 *
 * @param minDelay on its way, each message takes between this
 * @param maxDelay and this
 * @param lossPerMillion so many of a million messages are lost, each with its connection
 */
public record LinkConditions(Duration minDelay, Duration maxDelay, int lossPerMillion) {
    public LinkConditions {
        if (minDelay.isNegative() || maxDelay.compareTo(minDelay) < 0) {
            throw new IllegalArgumentException("delays of " + minDelay + " to " + maxDelay + " are not a range");
        }
        if (lossPerMillion < 0 || lossPerMillion > 1_000_000) {
            throw new IllegalArgumentException("loss of " + lossPerMillion + " per million");
        }
    }

    /** No delay, no loss. */
    public static LinkConditions perfect() {
        return new LinkConditions(Duration.ZERO, Duration.ZERO, 0);
    }
}
