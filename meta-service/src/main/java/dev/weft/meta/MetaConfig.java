package dev.weft.meta;

import java.time.Duration;

/**
 * Settings of a metadata server.
 *
 * @param chunkSize of a new file that does not ask for one, in bytes
 * @param stripes over how many chains a new file goes that does not ask; fewer where there are fewer chains
 * @param inodeBlock how many inode ids a server takes at a time
 * @param requestAge how long a request is remembered after it was carried out
 * @param requestsMax how many requests are remembered
 * @param collectInterval pause of the collector when there is nothing to do
 * @param collectRate inodes that a server collects in a second at the most; zero for no limit
 * @param storagePatience how long to try when a chain does not answer, so that a failed node has been replaced by then
 * @param trashAge how long something stays in the trash
 * @param lockLease how long a client's locks on files are held after its last sign of life
 * @param sessionInterval pause between two looks for write sessions of clients that are gone
 * @param sessionGrace a write session younger than this stays, as its client may not have reached the cluster manager yet
 * @param endedSessionAge how long it is remembered that a session was ended for its client, which may come back
 */
public record MetaConfig(
        int chunkSize,
        int stripes,
        int inodeBlock,
        Duration requestAge,
        long requestsMax,
        Duration collectInterval,
        long collectRate,
        Duration storagePatience,
        Duration trashAge,
        Duration lockLease,
        Duration sessionInterval,
        Duration sessionGrace,
        Duration endedSessionAge) {
    public static final int CHUNK_SIZE_MIN = 64 << 10;
    public static final int CHUNK_SIZE_MAX = 64 << 20;

    /** Leaves most of a disk's small writes to others, and is through with a hundred thousand files in half a minute. */
    private static final long COLLECT_RATE = 5_000;

    public MetaConfig {
        if (!isChunkSize(chunkSize)) {
            throw new IllegalArgumentException("chunk-size is " + chunkSize + ", must be a power of two from "
                    + CHUNK_SIZE_MIN + " to " + CHUNK_SIZE_MAX);
        }
        positive("stripes", stripes);
        positive("inode-block", inodeBlock);
        positive("request-age", requestAge.toNanos());
        positive("requests-max", requestsMax);
        positive("collect-interval", collectInterval.toNanos());
        if (collectRate < 0) {
            throw new IllegalArgumentException("collect-rate is " + collectRate + ", must not be below zero");
        }
        positive("storage-patience", storagePatience.toNanos());
        positive("trash-age", trashAge.toNanos());
        positive("lock-lease", lockLease.toNanos());
        positive("session-interval", sessionInterval.toNanos());
        positive("session-grace", sessionGrace.toNanos());
        positive("ended-session-age", endedSessionAge.toNanos());
    }

    public static MetaConfig defaults() {
        return new MetaConfig(
                1 << 20,
                4,
                4096,
                Duration.ofMinutes(10),
                100_000,
                Duration.ofMillis(500),
                COLLECT_RATE,
                Duration.ofSeconds(20),
                Duration.ofDays(7),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofDays(7));
    }

    /** The same with another pause of the collector. */
    public MetaConfig withCollectInterval(Duration interval) {
        return new MetaConfig(
                chunkSize,
                stripes,
                inodeBlock,
                requestAge,
                requestsMax,
                interval,
                collectRate,
                storagePatience,
                trashAge,
                lockLease,
                sessionInterval,
                sessionGrace,
                endedSessionAge);
    }

    /** The same with another rate of the collector. */
    public MetaConfig withCollectRate(long rate) {
        return new MetaConfig(
                chunkSize,
                stripes,
                inodeBlock,
                requestAge,
                requestsMax,
                collectInterval,
                rate,
                storagePatience,
                trashAge,
                lockLease,
                sessionInterval,
                sessionGrace,
                endedSessionAge);
    }

    /** The same with other times for the sessions of clients that are gone. */
    public MetaConfig withSessions(Duration interval, Duration grace, Duration remembered) {
        return new MetaConfig(
                chunkSize,
                stripes,
                inodeBlock,
                requestAge,
                requestsMax,
                collectInterval,
                collectRate,
                storagePatience,
                trashAge,
                lockLease,
                interval,
                grace,
                remembered);
    }

    /** Whether a file may have chunks of this size. */
    public static boolean isChunkSize(int bytes) {
        return bytes >= CHUNK_SIZE_MIN && bytes <= CHUNK_SIZE_MAX && Integer.bitCount(bytes) == 1;
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be greater than zero");
        }
    }
}
