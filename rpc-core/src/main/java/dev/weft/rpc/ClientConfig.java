package dev.weft.rpc;

import dev.weft.rpc.spi.TransportConfig;
import java.time.Duration;

/**
 * How a client calls.
 *
 * @param defaultTimeout of a call without streams whose {@link Context} has no earlier deadline
 * @param connectionsPerPeer calls are spread over so many connections to one peer
 * @param maxCallsInFlight on one connection; more are refused
 * @param compressionBytes parameters, and items of streams, of at least this size are compressed; {@link Integer#MAX_VALUE} for none
 */
public record ClientConfig(
        Duration defaultTimeout,
        int connectionsPerPeer,
        int maxCallsInFlight,
        int compressionBytes,
        RetryPolicy retry,
        StreamConfig streams,
        TransportConfig transport) {
    public ClientConfig {
        if (!defaultTimeout.isPositive()) {
            throw new IllegalArgumentException("default-timeout of " + defaultTimeout + " is not positive");
        }
        requireInRange("connections-per-peer", connectionsPerPeer, 64);
        requireInRange("max-calls-in-flight", maxCallsInFlight, CallConnection.CALLS_IN_FLIGHT_MAX);
        requireInRange("compression-bytes", compressionBytes, Integer.MAX_VALUE);
    }

    /** Timeout 30 s, one connection per peer, no compression. */
    public static ClientConfig defaults() {
        return new ClientConfig(
                Duration.ofSeconds(30),
                1,
                CallConnection.CALLS_IN_FLIGHT_MAX,
                CallConfig.NO_COMPRESSION,
                RetryPolicy.defaults(),
                StreamConfig.defaults(),
                TransportConfig.defaults());
    }

    public ClientConfig withDefaultTimeout(Duration timeout) {
        return new ClientConfig(
                timeout, connectionsPerPeer, maxCallsInFlight, compressionBytes, retry, streams, transport);
    }

    public ClientConfig withConnectionsPerPeer(int connections) {
        return new ClientConfig(
                defaultTimeout, connections, maxCallsInFlight, compressionBytes, retry, streams, transport);
    }

    public ClientConfig withMaxCallsInFlight(int calls) {
        return new ClientConfig(defaultTimeout, connectionsPerPeer, calls, compressionBytes, retry, streams, transport);
    }

    public ClientConfig withCompressionBytes(int bytes) {
        return new ClientConfig(defaultTimeout, connectionsPerPeer, maxCallsInFlight, bytes, retry, streams, transport);
    }

    public ClientConfig withRetry(RetryPolicy policy) {
        return new ClientConfig(
                defaultTimeout, connectionsPerPeer, maxCallsInFlight, compressionBytes, policy, streams, transport);
    }

    public ClientConfig withTransport(TransportConfig config) {
        return new ClientConfig(
                defaultTimeout, connectionsPerPeer, maxCallsInFlight, compressionBytes, retry, streams, config);
    }

    public ClientConfig withStreams(StreamConfig config) {
        return new ClientConfig(
                defaultTimeout, connectionsPerPeer, maxCallsInFlight, compressionBytes, retry, config, transport);
    }

    CallConfig calls() {
        return new CallConfig(transport.maxMessageBytes(), maxCallsInFlight, compressionBytes, streams);
    }

    static void requireInRange(String key, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(key + " of " + value + " is not in 1.." + max);
        }
    }
}
