package dev.weft.rpc;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls with streams that one side has in progress on a connection; refuses what is too much. Thread-safe. */
final class StreamCount {
    private final int max;
    private final String peer;
    private final AtomicInteger count = new AtomicInteger();

    StreamCount(int max, String peer) {
        this.max = max;
        this.peer = peer;
    }

    /** Counts one in; the reason if it may not be. */
    @Nullable
    RpcException begin() {
        if (count.incrementAndGet() <= max) {
            return null;
        }
        count.decrementAndGet();
        return new RpcException(
                StatusCode.RESOURCE_EXHAUSTED, "limit of " + max + " streams on the connection with " + peer);
    }

    void end() {
        count.decrementAndGet();
    }
}
