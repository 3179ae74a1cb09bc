package dev.weft.rpc;

import dev.weft.rpc.spi.TransportConfig;

/**
 * How a server serves.
 *
 * @param maxCallsInFlight in all connections together; more are refused at once
 * @param compressionBytes results, and items of streams, of at least this size are compressed; {@link Integer#MAX_VALUE} for none
 */
public record ServerConfig(
        int maxCallsInFlight, int compressionBytes, StreamConfig streams, TransportConfig transport) {
    public ServerConfig {
        ClientConfig.requireInRange("max-calls-in-flight", maxCallsInFlight, Integer.MAX_VALUE / 2);
        ClientConfig.requireInRange("compression-bytes", compressionBytes, Integer.MAX_VALUE);
    }

    /** 131,072 calls in flight, no compression. */
    public static ServerConfig defaults() {
        return new ServerConfig(
                CallConnection.CALLS_IN_FLIGHT_MAX,
                CallConfig.NO_COMPRESSION,
                StreamConfig.defaults(),
                TransportConfig.defaults());
    }

    public ServerConfig withMaxCallsInFlight(int calls) {
        return new ServerConfig(calls, compressionBytes, streams, transport);
    }

    public ServerConfig withCompressionBytes(int bytes) {
        return new ServerConfig(maxCallsInFlight, bytes, streams, transport);
    }

    public ServerConfig withStreams(StreamConfig config) {
        return new ServerConfig(maxCallsInFlight, compressionBytes, config, transport);
    }

    public ServerConfig withTransport(TransportConfig config) {
        return new ServerConfig(maxCallsInFlight, compressionBytes, streams, config);
    }

    CallConfig calls() {
        return new CallConfig(
                transport.maxMessageBytes(), CallConnection.CALLS_IN_FLIGHT_MAX, compressionBytes, streams);
    }
}
