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
 * @param sessionAge a file that was opened for writing longer ago counts as closed when it is removed
 * @param collectInterval pause of the collector when there is nothing to do
 * @param storagePatience how long to try when a chain does not answer, so that a failed node has been replaced by then
 * @param trashAge how long something stays in the trash
 * @param lockLease how long a client's locks on files are held after its last sign of life
 */
public record MetaConfig(
        int chunkSize,
        int stripes,
        int inodeBlock,
        Duration requestAge,
        long requestsMax,
        Duration sessionAge,
        Duration collectInterval,
        Duration storagePatience,
        Duration trashAge,
        Duration lockLease) {
    public static final int CHUNK_SIZE_MIN = 64 << 10;
    public static final int CHUNK_SIZE_MAX = 64 << 20;

    public MetaConfig {
        if (!isChunkSize(chunkSize)) {
            throw new IllegalArgumentException("chunk-size is " + chunkSize + ", must be a power of two from "
                    + CHUNK_SIZE_MIN + " to " + CHUNK_SIZE_MAX);
        }
        positive("stripes", stripes);
        positive("inode-block", inodeBlock);
        positive("request-age", requestAge.toNanos());
        positive("requests-max", requestsMax);
        positive("session-age", sessionAge.toNanos());
        positive("collect-interval", collectInterval.toNanos());
        positive("storage-patience", storagePatience.toNanos());
        positive("trash-age", trashAge.toNanos());
        positive("lock-lease", lockLease.toNanos());
    }

    public static MetaConfig defaults() {
        return new MetaConfig(
                1 << 20,
                4,
                4096,
                Duration.ofMinutes(10),
                100_000,
                Duration.ofHours(1),
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                Duration.ofDays(7),
                Duration.ofSeconds(30));
    }

    /** The same with another pause of the collector. */
    public MetaConfig withCollectInterval(Duration interval) {
        return new MetaConfig(
                chunkSize,
                stripes,
                inodeBlock,
                requestAge,
                requestsMax,
                sessionAge,
                interval,
                storagePatience,
                trashAge,
                lockLease);
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
