package dev.weft.rpc.recorder;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How calls are recorded.
 *
 * @param folder for the files; made if it is not there, and used by one recorder at a time
 * @param limitBytes of all files: the oldest go when there are more
 * @param spareBytes free space of the disk that is left to others: with less, nothing is recorded
 * @param bufferBytes of records that may wait to be written; more are dropped
 * @param flushInterval how long a record waits at most, if the disk takes it
 * @param retryInterval after which writing is tried again when it has failed
 */
public record RecorderConfig(
        Path folder,
        long limitBytes,
        long spareBytes,
        int bufferBytes,
        Duration flushInterval,
        Duration retryInterval) {
    /** Smaller files would hold little but their own index. */
    static final long LIMIT_BYTES_MIN = 16 << 20;

    private static final int BUFFER_BYTES_MAX = 1 << 30;

    public RecorderConfig {
        if (limitBytes < LIMIT_BYTES_MIN) {
            throw new IllegalArgumentException("limit of " + limitBytes + " bytes is below " + LIMIT_BYTES_MIN);
        }
        if (spareBytes < 0) {
            throw new IllegalArgumentException("spare space of " + spareBytes + " bytes is below 0");
        }
        if (bufferBytes < BatchLayout.BATCH_BYTES_MAX || bufferBytes > BUFFER_BYTES_MAX) {
            throw new IllegalArgumentException("buffer of " + bufferBytes + " bytes is not in "
                    + BatchLayout.BATCH_BYTES_MAX + ".." + BUFFER_BYTES_MAX);
        }
        if (!flushInterval.isPositive() || !retryInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "intervals of " + flushInterval + " and " + retryInterval + " are not both positive");
        }
    }

    /** 1 GiB of files, 256 MiB of the disk left free, and 4 MiB that wait: records of about 250,000 calls. */
    public static RecorderConfig in(Path folder) {
        return new RecorderConfig(folder, 1L << 30, 256L << 20, 4 << 20, Duration.ofMillis(50), Duration.ofSeconds(5));
    }

    public RecorderConfig withLimitBytes(long bytes) {
        return new RecorderConfig(folder, bytes, spareBytes, bufferBytes, flushInterval, retryInterval);
    }

    public RecorderConfig withSpareBytes(long bytes) {
        return new RecorderConfig(folder, limitBytes, bytes, bufferBytes, flushInterval, retryInterval);
    }

    public RecorderConfig withBufferBytes(int bytes) {
        return new RecorderConfig(folder, limitBytes, spareBytes, bytes, flushInterval, retryInterval);
    }

    public RecorderConfig withIntervals(Duration flush, Duration retry) {
        return new RecorderConfig(folder, limitBytes, spareBytes, bufferBytes, flush, retry);
    }

    /** After which a file is full, so that the oldest is a small part of all. */
    long fileBytes() {
        return Math.min(limitBytes / 8, 128L << 20);
    }
}
