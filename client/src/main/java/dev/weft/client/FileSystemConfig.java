package dev.weft.client;

import java.time.Duration;

/**
 * How a client works.
 *
 * @param windowBytes of one file that are on their way at a time; at least one chunk always is
 * @param windowChunks chunks of one file that are on their way at a time
 * @param callTimeout of one attempt; a call that takes longer is taken for lost and made again
 * @param patience how long an operation is tried again, over failures of nodes, before it fails
 * @param inlineBytesMax writes up to this size travel in the message, as a pull would take another round trip
 * @param user on whose behalf, which decides what is allowed
 */
public record FileSystemConfig(
        long windowBytes, int windowChunks, Duration callTimeout, Duration patience, int inlineBytesMax, User user) {
    public FileSystemConfig {
        requireInRange("window-bytes", windowBytes, 1, 1L << 32);
        requireInRange("window-chunks", windowChunks, 1, 256);
        requireInRange("inline-bytes-max", inlineBytesMax, 0, 1 << 20);
        if (!callTimeout.isPositive() || !patience.isPositive()) {
            throw new IllegalArgumentException(
                    "call-timeout and patience must be positive, not " + callTimeout + " and " + patience);
        }
    }

    /** For the user that this process runs as. */
    public FileSystemConfig(
            long windowBytes, int windowChunks, Duration callTimeout, Duration patience, int inlineBytesMax) {
        this(windowBytes, windowChunks, callTimeout, patience, inlineBytesMax, User.ofProcess());
    }

    /** The same for another user. */
    public FileSystemConfig withUser(User other) {
        return new FileSystemConfig(windowBytes, windowChunks, callTimeout, patience, inlineBytesMax, other);
    }

    /** 16 MiB or 12 chunks in flight, attempts of 10 s, for a minute, 8 KiB inline. */
    public static FileSystemConfig defaults() {
        return new FileSystemConfig(16 << 20, 12, Duration.ofSeconds(10), Duration.ofMinutes(1), 8 << 10);
    }

    /** Chunks of a size that may be on their way. */
    int window(int chunkSize) {
        return Math.clamp(windowBytes / chunkSize, 1, windowChunks);
    }

    private static void requireInRange(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " of " + value + " is not in " + min + ".." + max);
        }
    }
}
