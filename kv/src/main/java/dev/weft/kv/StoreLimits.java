package dev.weft.kv;

import java.time.Duration;

/**
 * What a store refuses, and how much of the past it remembers. The defaults for keys, values and transactions are no wider
 * than FoundationDB's, so that data can move there.
 *
 * @param transactionBytesMax keys and values written plus conflict ranges, with some overhead for each
 * @param pendingCommitsMax commits that may wait for the disk; more are refused
 * @param windowBytesMax of conflict ranges remembered; when there are more, the oldest go
 * @param windowAge a transaction that read longer ago than this conflicts
 * @param attemptsMax how often {@link KeyValueStore#run} tries
 */
public record StoreLimits(
        int keyBytesMax,
        int valueBytesMax,
        int transactionBytesMax,
        int pendingCommitsMax,
        long windowBytesMax,
        Duration windowAge,
        int attemptsMax) {
    public StoreLimits {
        atLeast("key-bytes-max", keyBytesMax, 16);
        atLeast("value-bytes-max", valueBytesMax, 16);
        atLeast("transaction-bytes-max", transactionBytesMax, (long) keyBytesMax + valueBytesMax + 128);
        atLeast("pending-commits-max", pendingCommitsMax, 1);
        atLeast("window-bytes-max", windowBytesMax, transactionBytesMax);
        atLeast("window-age in ms", windowAge.toMillis(), 1);
        atLeast("attempts-max", attemptsMax, 1);
    }

    public static StoreLimits defaults() {
        return new StoreLimits(10_000, 100_000, 10_000_000, 4096, 64L << 20, Duration.ofSeconds(10), 20);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
    }
}
