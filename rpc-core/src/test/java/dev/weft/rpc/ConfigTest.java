package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.spi.TransportConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Defaults, full mapping and bounds of what a client, a server, a transport and a pool are configured with. */
final class ConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final StreamConfig STREAMS = new StreamConfig(5, 6, 7, SECOND);

    @Test
    void defaultsOfAClient() {
        ClientConfig config = ClientConfig.defaults();
        assertEquals(Duration.ofSeconds(30), config.defaultTimeout());
        assertEquals(1, config.connectionsPerPeer());
        assertEquals(131_072, config.maxCallsInFlight());
        assertEquals(Integer.MAX_VALUE, config.compressionBytes());
        assertEquals(RetryPolicy.defaults(), config.retry());
        assertEquals(StreamConfig.defaults(), config.streams());
        assertEquals(TransportConfig.defaults(), config.transport());
    }

    @Test
    void everyValueOfAClientCanBeSet() {
        TransportConfig transport = TransportConfig.defaults().withMaxConnections(7);
        ClientConfig config = ClientConfig.defaults()
                .withDefaultTimeout(SECOND)
                .withConnectionsPerPeer(2)
                .withMaxCallsInFlight(3)
                .withCompressionBytes(4)
                .withRetry(RetryPolicy.none())
                .withStreams(STREAMS)
                .withTransport(transport);
        assertEquals(new ClientConfig(SECOND, 2, 3, 4, RetryPolicy.none(), STREAMS, transport), config);
    }

    @Test
    void valuesOfAClientAreBounded() {
        ClientConfig defaults = ClientConfig.defaults();
        assertRefused("default-timeout", () -> defaults.withDefaultTimeout(Duration.ZERO));
        assertRefused("connections-per-peer of 0 is not in 1..64", () -> defaults.withConnectionsPerPeer(0));
        assertRefused("connections-per-peer", () -> defaults.withConnectionsPerPeer(65));
        assertRefused("max-calls-in-flight", () -> defaults.withMaxCallsInFlight(0));
        assertRefused("max-calls-in-flight", () -> defaults.withMaxCallsInFlight(131_073));
        assertRefused("compression-bytes", () -> defaults.withCompressionBytes(0));
    }

    @Test
    void defaultsOfAServer() {
        ServerConfig config = ServerConfig.defaults();
        assertEquals(131_072, config.maxCallsInFlight());
        assertEquals(Integer.MAX_VALUE, config.compressionBytes());
        assertEquals(TransportConfig.defaults(), config.transport());
    }

    @Test
    void everyValueOfAServerCanBeSet() {
        TransportConfig transport = TransportConfig.defaults().withMaxConnections(7);
        ServerConfig config = ServerConfig.defaults()
                .withMaxCallsInFlight(3)
                .withCompressionBytes(4)
                .withStreams(STREAMS)
                .withTransport(transport);
        assertEquals(new ServerConfig(3, 4, STREAMS, transport), config);
    }

    @Test
    void valuesOfAServerAreBounded() {
        assertRefused("max-calls-in-flight", () -> ServerConfig.defaults().withMaxCallsInFlight(0));
        assertRefused("max-calls-in-flight", () -> ServerConfig.defaults().withMaxCallsInFlight(Integer.MAX_VALUE));
        assertRefused("compression-bytes", () -> ServerConfig.defaults().withCompressionBytes(-1));
    }

    @Test
    void streamsHaveDefaultsAndBounds() {
        StreamConfig defaults = StreamConfig.defaults();
        assertEquals(new StreamConfig(256, 4 << 20, 1024, Duration.ofHours(1)), defaults);
        assertEquals(
                STREAMS,
                defaults.withMaxItems(5).withMaxBytes(6).withMaxStreams(7).withTimeout(SECOND));
        assertRefused("stream-max-items of 0 is not in 1..65536", () -> defaults.withMaxItems(0));
        assertRefused("stream-max-items", () -> defaults.withMaxItems(65_537));
        assertRefused("stream-max-bytes", () -> defaults.withMaxBytes(0));
        assertRefused("stream-max-bytes", () -> defaults.withMaxBytes((1 << 30) + 1));
        assertRefused("max-streams", () -> defaults.withMaxStreams(0));
        assertRefused("stream-timeout", () -> defaults.withTimeout(Duration.ZERO));
    }

    @Test
    void defaultsOfATransport() {
        assertEquals(
                new TransportConfig(
                        64 << 20,
                        64 << 20,
                        256 << 20,
                        65_536,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(10)),
                TransportConfig.defaults());
    }

    @Test
    void valuesOfATransportCanBeSet() {
        TransportConfig d = TransportConfig.defaults();
        assertEquals(
                new TransportConfig(
                        512 << 20,
                        1 << 20,
                        512 << 20,
                        9,
                        d.connectTimeout(),
                        SECOND,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3)),
                d.withMaxMessageBytes(512 << 20)
                        .withMaxQueuedBytes(1 << 20)
                        .withMaxConnections(9)
                        .withKeepAlive(SECOND, Duration.ofSeconds(2))
                        .withIdleTimeout(Duration.ofSeconds(3)));
    }

    @Test
    void valuesOfATransportAreBounded() {
        TransportConfig d = TransportConfig.defaults();
        assertRefused("max-message-bytes", () -> d.withMaxMessageBytes(1023));
        assertRefused("max-message-bytes", () -> d.withMaxMessageBytes((1 << 30) + 1));
        assertRefused("max-queued-bytes", () -> d.withMaxQueuedBytes(65_535));
        assertRefused("max-connections", () -> d.withMaxConnections(0));
        assertRefused("keep-alive", () -> d.withKeepAlive(Duration.ZERO, SECOND));
        assertRefused("keep-alive-timeout", () -> d.withKeepAlive(SECOND, Duration.ofNanos(-1)));
        assertRefused("idle-timeout", () -> d.withIdleTimeout(Duration.ZERO));
        assertRefused(
                "max-assembly-bytes",
                () -> new TransportConfig(2048, 1 << 20, 2047, 1, SECOND, SECOND, SECOND, SECOND));
        assertRefused(
                "connect-timeout",
                () -> new TransportConfig(2048, 1 << 20, 2048, 1, Duration.ZERO, SECOND, SECOND, SECOND));
    }

    @Test
    void poolIsBoundedByPowersOfTwo() {
        assertEquals(new BufferPoolConfig(256L << 20, 64 << 20), BufferPoolConfig.defaults());
        assertRefused("max-buffer-bytes", () -> new BufferPoolConfig(1 << 20, 5000));
        assertRefused("max-buffer-bytes", () -> new BufferPoolConfig(1 << 20, 2048));
        assertRefused("max-buffer-bytes", () -> new BufferPoolConfig(1 << 20, Integer.MIN_VALUE));
        assertRefused("max-bytes", () -> new BufferPoolConfig(4095, 4096));
    }

    private static void assertRefused(String says, Executable making) {
        var e = assertThrows(IllegalArgumentException.class, making);
        assertTrue(String.valueOf(e.getMessage()).contains(says), e.getMessage());
    }
}
