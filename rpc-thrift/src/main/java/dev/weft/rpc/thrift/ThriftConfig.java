package dev.weft.rpc.thrift;

import java.time.Duration;

/**
 * What is accepted of Thrift messages.
 *
 * @param maxFrameBytes of one message, besides the limit of the transport
 * @param maxStringLength characters of one string, or bytes of one binary
 * @param maxContainerSize elements of one list, set or map
 * @param maxDepth structs and containers in one another
 * @param callTimeout after which a server gives up a call from a Thrift client, which cannot say how long it waits
 */
public record ThriftConfig(
        int maxFrameBytes, int maxStringLength, int maxContainerSize, int maxDepth, Duration callTimeout) {
    /** A thread's stack takes far more; no sane message does. */
    private static final int DEPTH_MAX = 512;

    public ThriftConfig {
        require(maxFrameBytes >= 1024, "max-frame-bytes", maxFrameBytes);
        require(maxStringLength >= 1, "max-string-length", maxStringLength);
        require(maxContainerSize >= 1, "max-container-size", maxContainerSize);
        require(maxDepth >= 1 && maxDepth <= DEPTH_MAX, "max-depth", maxDepth);
        require(callTimeout.isPositive(), "call-timeout", callTimeout);
    }

    /** 16 MiB frames, which is what libthrift has; a million elements; depth 64; one minute. */
    public static ThriftConfig defaults() {
        return new ThriftConfig(16 << 20, 16 << 20, 1 << 20, 64, Duration.ofMinutes(1));
    }

    public ThriftConfig withMaxFrameBytes(int bytes) {
        return new ThriftConfig(bytes, maxStringLength, maxContainerSize, maxDepth, callTimeout);
    }

    public ThriftConfig withMaxStringLength(int bytes) {
        return new ThriftConfig(maxFrameBytes, bytes, maxContainerSize, maxDepth, callTimeout);
    }

    public ThriftConfig withMaxContainerSize(int size) {
        return new ThriftConfig(maxFrameBytes, maxStringLength, size, maxDepth, callTimeout);
    }

    public ThriftConfig withMaxDepth(int depth) {
        return new ThriftConfig(maxFrameBytes, maxStringLength, maxContainerSize, depth, callTimeout);
    }

    public ThriftConfig withCallTimeout(Duration timeout) {
        return new ThriftConfig(maxFrameBytes, maxStringLength, maxContainerSize, maxDepth, timeout);
    }

    private static void require(boolean valid, String key, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(key + " of " + value + " is out of range");
        }
    }
}
