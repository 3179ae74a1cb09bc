package dev.weft.rpc.recorder;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How calls are recorded.
 *
 * @param folder for the files; made if it is not there, and used by one recorder at a time
 * @param limitBytes of all files: the oldest go when there are more
 * @param spareBytes free space of the disk that is left to others: with less, nothing is recorded
 * @param waitingCalls so many records may wait to be written, a power of two; more are dropped
 * @param flushInterval how long a record waits at most, if the disk takes it
 * @param retryInterval after which writing is tried again when it has failed
 */
public record RecorderConfig(
        Path folder,
        long limitBytes,
        long spareBytes,
        int waitingCalls,
        Duration flushInterval,
        Duration retryInterval) {
    /** Smaller files would hold little but their own index. */
    static final long LIMIT_BYTES_MIN = 16 << 20;

    private static final int WAITING_CALLS_MAX = 1 << 20;

    public RecorderConfig {
        if (limitBytes < LIMIT_BYTES_MIN) {
            throw new IllegalArgumentException("limit of " + limitBytes + " bytes is below " + LIMIT_BYTES_MIN);
        }
        if (spareBytes < 0) {
            throw new IllegalArgumentException("spare space of " + spareBytes + " bytes is below 0");
        }
        if (waitingCalls < 2 || waitingCalls > WAITING_CALLS_MAX || Integer.bitCount(waitingCalls) != 1) {
            throw new IllegalArgumentException(
                    "waiting-calls of " + waitingCalls + " is not a power of two in 2.." + WAITING_CALLS_MAX);
        }
        if (!flushInterval.isPositive() || !retryInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "intervals of " + flushInterval + " and " + retryInterval + " are not both positive");
        }
    }

    /**
     * 1 GiB of files, and 256 MiB of the disk left free; records of 32,768 calls wait for 10 ms, which a processor that makes a
     * million calls a second does not fill.
     */
    public static RecorderConfig in(Path folder) {
        return new RecorderConfig(folder, 1L << 30, 256L << 20, 1 << 15, Duration.ofMillis(10), Duration.ofSeconds(5));
    }

    public RecorderConfig withLimitBytes(long bytes) {
        return new RecorderConfig(folder, bytes, spareBytes, waitingCalls, flushInterval, retryInterval);
    }

    public RecorderConfig withSpareBytes(long bytes) {
        return new RecorderConfig(folder, limitBytes, bytes, waitingCalls, flushInterval, retryInterval);
    }

    public RecorderConfig withWaitingCalls(int calls) {
        return new RecorderConfig(folder, limitBytes, spareBytes, calls, flushInterval, retryInterval);
    }

    public RecorderConfig withIntervals(Duration flush, Duration retry) {
        return new RecorderConfig(folder, limitBytes, spareBytes, waitingCalls, flush, retry);
    }

    /** After which a file is full, so that the oldest is a small part of all. */
    long fileBytes() {
        return Math.min(limitBytes / 8, 128L << 20);
    }
}
