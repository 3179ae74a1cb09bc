package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RetryPolicyTest {
    private static final Duration MILLI = Duration.ofMillis(1);

    @Test
    void refusesWhatIsNoRange() {
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(0, MILLI, MILLI));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(101, MILLI, MILLI));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(1, Duration.ZERO, MILLI));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(1, Duration.ofMillis(2), MILLI));
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        RetryPolicy policy = RetryPolicy.defaults();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        long[] longest = new long[10];
        for (int attempt = 1; attempt <= 10; attempt++) {
            int failed = attempt;
            longest[attempt - 1] = LongStream.generate(() -> policy.pauseNanos(failed, random))
                            .limit(2000)
                            .max()
                            .orElseThrow()
                    / 1_000_000;
        }
        long[] full = {10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000};
        for (int i = 0; i < 10; i++) {
            assertTrue(longest[i] >= full[i] * 95 / 100 && longest[i] <= full[i], longest[i] + " of " + full[i]);
        }
    }

    @Test
    void pausesDoNotWrapHoweverLongTheyAre() {
        RetryPolicy slow = new RetryPolicy(100, Duration.ofNanos(1L << 34), Duration.ofDays(365));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        long pause = slow.pauseNanos(31, random);
        assertTrue(
                pause >= Duration.ofDays(182).toNanos(), Duration.ofNanos(pause).toString());
    }

    @Test
    void whatMayBeRepeatedFollowsFromTheStatusAlone() {
        Method<Object, String, String> idempotent = TestMethods.method("echo", true);
        Method<Object, String, String> other = TestMethods.method("append", false);
        EnumSet<StatusCode> always = EnumSet.noneOf(StatusCode.class);
        EnumSet<StatusCode> ifIdempotent = EnumSet.noneOf(StatusCode.class);
        for (StatusCode code : StatusCode.values()) {
            if (RetryPolicy.defaults().mayRepeat(code, other)) {
                always.add(code);
            } else if (RetryPolicy.defaults().mayRepeat(code, idempotent)) {
                ifIdempotent.add(code);
            }
        }
        assertEquals(EnumSet.of(StatusCode.UNAVAILABLE, StatusCode.RESOURCE_EXHAUSTED), always);
        assertEquals(EnumSet.of(StatusCode.CONNECTION_LOST, StatusCode.DATA_CORRUPTED), ifIdempotent);
    }
}
