package dev.weft.cli.torture;

import dev.weft.cli.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * How a cluster is tortured.
 *
 * @param folder of all processes' data
 * @param port first of those that they listen at
 * @param duration of the faults; starting, becoming whole and checking come on top
 * @param failureTime after which a silent node is taken out of use
 * @param faultEvery between two faults, on average
 * @param diskBytes of each storage process
 * @param kinds of faults
 */
record TortureOptions(
        Path folder,
        int port,
        long seed,
        Duration duration,
        int storage,
        int managers,
        int writers,
        int readers,
        Duration failureTime,
        Duration faultEvery,
        long diskBytes,
        Set<FaultKind> kinds) {
    private static final long DISK_MIN = 128L << 20;
    private static final long DISK_MAX = 64L << 30;

    TortureOptions {
        kinds = Set.copyOf(kinds);
        requireInRange("storage", storage, 3, 20);
        requireInRange("managers", managers, 1, 5);
        requireInRange("writers", writers, 1, 64);
        requireInRange("readers", readers, 1, 64);
        requireInRange("port", port, 1, 65_000);
        requireInRange("disk-size", diskBytes, DISK_MIN, DISK_MAX);
        requireInRange("seconds", duration.toSeconds(), 1, Duration.ofDays(7).toSeconds());
        requireInRange("failure-time in milliseconds", failureTime.toMillis(), 1000, 60_000);
        requireInRange("fault-every in milliseconds", faultEvery.toMillis(), 100, 600_000);
        if (kinds.isEmpty()) {
            throw new UsageException("no kind of fault is left");
        }
    }

    private static void requireInRange(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new UsageException(key + " of " + value + " is not in " + min + ".." + max);
        }
    }
}
