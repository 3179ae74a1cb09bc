package dev.weft.rpc;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How a client repeats calls that may be repeated: with pauses that double, each shortened by chance so that callers who
 * failed together do not come back together, and never beyond the call's deadline.
 *
 * @param maxAttempts including the first; 1 for no retry
 * @param firstPause before the second attempt
 * @param maxPause the longest pause
 */
public record RetryPolicy(int maxAttempts, Duration firstPause, Duration maxPause) {
    public RetryPolicy {
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("max-attempts of " + maxAttempts + " is not in 1..100");
        }
        if (!firstPause.isPositive() || maxPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses of " + firstPause + " to " + maxPause + " are not a range");
        }
    }

    /** Five attempts, pauses of 10 ms to 1 s. */
    public static RetryPolicy defaults() {
        return new RetryPolicy(5, Duration.ofMillis(10), Duration.ofSeconds(1));
    }

    public static RetryPolicy none() {
        return new RetryPolicy(1, Duration.ofMillis(10), Duration.ofSeconds(1));
    }

    /** Whether a call that failed in this way may be repeated. */
    boolean mayRepeat(StatusCode code, Method<?, ?, ?> method) {
        return switch (code.retry()) {
            case THIS_CALL -> true;
            case IF_IDEMPOTENT -> method.idempotent();
            case HIGHER_LEVEL, NEVER -> false;
        };
    }

    /** The pause after {@code failedAttempts}: between half and all of the doubled value. */
    long pauseNanos(int failedAttempts, RandomGenerator random) {
        int doublings = Math.min(failedAttempts - 1, 30);
        long first = firstPause.toNanos();
        long max = maxPause.toNanos();
        long full = first > max >> doublings ? max : first << doublings;
        return full / 2 + random.nextLong(full / 2 + 1);
    }
}
