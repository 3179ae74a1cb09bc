package dev.weft.client;

import dev.weft.rpc.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which nodes failed a moment ago: reads go to others first, if there are others. Thread-safe. */
final class NodeHealth {
    /** Long enough that not every read tries a dead node, short enough that one that is back is used soon. */
    private static final Duration AVOIDED = Duration.ofSeconds(1);

    private final Clock clock;
    private final Map<Integer, Long> avoidedUntilNanos = new ConcurrentHashMap<>();

    NodeHealth(Clock clock) {
        this.clock = clock;
    }

    void failed(int nodeId) {
        avoidedUntilNanos.put(nodeId, clock.nanoTime() + AVOIDED.toNanos());
    }

    boolean isGood(int nodeId) {
        Long until = avoidedUntilNanos.get(nodeId);
        if (until == null) {
            return true;
        }
        if (until - clock.nanoTime() > 0) {
            return false;
        }
        avoidedUntilNanos.remove(nodeId, until);
        return true;
    }
}
