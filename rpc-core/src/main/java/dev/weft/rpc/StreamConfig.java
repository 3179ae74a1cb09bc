package dev.weft.rpc;

import java.time.Duration;

/**
 * Limits of streams. What a side may hold of one stream that nobody has read is bounded by its own limits, as the other side
 * sends no more than it was granted: so many items, and so many bytes and one item more.
 *
 * @param maxItems items of one stream that may have been sent here and not read
 * @param maxBytes bytes of one stream that may have been sent here and not read, before the last item
 * @param maxStreams calls with streams on one connection, in each direction; more are refused with RESOURCE_EXHAUSTED
 * @param timeout of a call with streams that a client makes and whose {@link Context} has no earlier deadline
 */
public record StreamConfig(int maxItems, int maxBytes, int maxStreams, Duration timeout) {
    public StreamConfig {
        ClientConfig.requireInRange("stream-max-items", maxItems, 65_536);
        ClientConfig.requireInRange("stream-max-bytes", maxBytes, 1 << 30);
        ClientConfig.requireInRange("max-streams", maxStreams, CallConnection.CALLS_IN_FLIGHT_MAX);
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("stream-timeout of " + timeout + " is not positive");
        }
    }

    /** 256 items and 4 MiB of each stream, 1,024 streams on a connection, an hour for each. */
    public static StreamConfig defaults() {
        return new StreamConfig(256, 4 << 20, 1024, Duration.ofHours(1));
    }

    public StreamConfig withMaxItems(int items) {
        return new StreamConfig(items, maxBytes, maxStreams, timeout);
    }

    public StreamConfig withMaxBytes(int bytes) {
        return new StreamConfig(maxItems, bytes, maxStreams, timeout);
    }

    public StreamConfig withMaxStreams(int streams) {
        return new StreamConfig(maxItems, maxBytes, streams, timeout);
    }

    public StreamConfig withTimeout(Duration longest) {
        return new StreamConfig(maxItems, maxBytes, maxStreams, longest);
    }
}
