package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class RetryPolicyProperties {
    @Property(tries = 2000)
    void pauseIsBetweenHalfAndAllOfTheDoubledPause(
            @ForAll @LongRange(min = 1, max = 1L << 42) long firstNanos,
            @ForAll @LongRange(min = 0, max = 1L << 62) long moreNanos,
            @ForAll @IntRange(min = 1, max = 100) int failedAttempts,
            @ForAll long seed) {
        long maxNanos = firstNanos + moreNanos;
        RetryPolicy policy = new RetryPolicy(100, Duration.ofNanos(firstNanos), Duration.ofNanos(maxNanos));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        double doubled = firstNanos * Math.pow(2, Math.min(failedAttempts - 1, 30));
        long full = doubled >= maxNanos ? maxNanos : (long) doubled;
        long pause = policy.pauseNanos(failedAttempts, random);
        assertTrue(pause >= full / 2 && pause <= full, pause + " is not in " + full / 2 + ".." + full);
    }
}
