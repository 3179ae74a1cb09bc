package dev.weft.rpc.spi;

import java.time.Duration;

/**
 * Limits and times of a transport's connections.
 *
 * @param maxMessageBytes the longest message that is accepted; the peer is told and refuses to send a longer one
 * @param maxQueuedBytes how much may wait to be sent on one connection; beyond it senders wait
 * @param maxAssemblyBytes how much of unfinished long messages one connection may hold
 * @param maxConnections how many connections a listener has at a time
 * @param connectTimeout for one attempt to connect
 * @param keepAlive after this time without a byte from the peer it is asked for one
 * @param keepAliveTimeout how long it has to answer before the connection is given up
 * @param idleTimeout a client closes a connection that had no call for this long
 */
public record TransportConfig(
        int maxMessageBytes,
        long maxQueuedBytes,
        long maxAssemblyBytes,
        int maxConnections,
        Duration connectTimeout,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration idleTimeout) {
    /** Longest message that any configuration may allow. */
    public static final int MESSAGE_BYTES_MAX = 1 << 30;

    public TransportConfig {
        require(maxMessageBytes >= 1024 && maxMessageBytes <= MESSAGE_BYTES_MAX, "max-message-bytes", maxMessageBytes);
        require(maxQueuedBytes >= 64 * 1024, "max-queued-bytes", maxQueuedBytes);
        require(maxAssemblyBytes >= maxMessageBytes, "max-assembly-bytes", maxAssemblyBytes);
        require(maxConnections >= 1, "max-connections", maxConnections);
        require(isPositive(connectTimeout), "connect-timeout", connectTimeout);
        require(isPositive(keepAlive), "keep-alive", keepAlive);
        require(isPositive(keepAliveTimeout), "keep-alive-timeout", keepAliveTimeout);
        require(isPositive(idleTimeout), "idle-timeout", idleTimeout);
    }

    public static TransportConfig defaults() {
        return new TransportConfig(
                64 << 20,
                64 << 20,
                256 << 20,
                65_536,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofMinutes(10));
    }

    public TransportConfig withMaxMessageBytes(int bytes) {
        return new TransportConfig(
                bytes,
                maxQueuedBytes,
                Math.max(maxAssemblyBytes, bytes),
                maxConnections,
                connectTimeout,
                keepAlive,
                keepAliveTimeout,
                idleTimeout);
    }

    public TransportConfig withMaxQueuedBytes(long bytes) {
        return new TransportConfig(
                maxMessageBytes,
                bytes,
                maxAssemblyBytes,
                maxConnections,
                connectTimeout,
                keepAlive,
                keepAliveTimeout,
                idleTimeout);
    }

    public TransportConfig withMaxConnections(int connections) {
        return new TransportConfig(
                maxMessageBytes,
                maxQueuedBytes,
                maxAssemblyBytes,
                connections,
                connectTimeout,
                keepAlive,
                keepAliveTimeout,
                idleTimeout);
    }

    public TransportConfig withKeepAlive(Duration after, Duration timeout) {
        return new TransportConfig(
                maxMessageBytes,
                maxQueuedBytes,
                maxAssemblyBytes,
                maxConnections,
                connectTimeout,
                after,
                timeout,
                idleTimeout);
    }

    public TransportConfig withIdleTimeout(Duration timeout) {
        return new TransportConfig(
                maxMessageBytes,
                maxQueuedBytes,
                maxAssemblyBytes,
                maxConnections,
                connectTimeout,
                keepAlive,
                keepAliveTimeout,
                timeout);
    }

    private static boolean isPositive(Duration duration) {
        return duration.isPositive();
    }

    private static void require(boolean valid, String key, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(key + " of " + value + " is out of range");
        }
    }
}
