package dev.weft.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StoreLimitsTest {
    @Test
    void defaultsAreValid() {
        assertEquals(10_000, StoreLimits.defaults().keyBytesMax());
    }

    @Test
    void refusesLimitsThatDoNotFitTogether() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new StoreLimits(1000, 1000, 1000, 1, 1000, Duration.ofSeconds(1), 1));
        assertTrue(refused.toString().contains("transaction-bytes-max is 1000, must be at least 2128"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new StoreLimits(100, 100, 1000, 0, 1000, Duration.ofSeconds(1), 1));
        assertThrows(IllegalArgumentException.class, () -> new StoreLimits(100, 100, 1000, 1, 1000, Duration.ZERO, 1));
    }
}
