package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MetaConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaultsAreValid() {
        MetaConfig config = MetaConfig.defaults();
        assertEquals(1 << 20, config.chunkSize());
        assertEquals(4, config.stripes());
        assertEquals(SECOND, config.withCollectInterval(SECOND).collectInterval());
    }

    @Test
    void refusesWhatCannotWork() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new MetaConfig(
                        100_000, 4, 1, SECOND, 1, SECOND, 1, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND));
        assertThrows(
                IllegalArgumentException.class,
                () -> new MetaConfig(
                        1 << 20, 0, 1, SECOND, 1, SECOND, 1, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND));
        assertThrows(
                IllegalArgumentException.class,
                () -> new MetaConfig(
                        1 << 20, 4, 1, SECOND, 1, Duration.ZERO, 1, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND));
    }

    @Test
    void chunkSizesArePowersOfTwoWithinBounds() {
        assertTrue(MetaConfig.isChunkSize(64 << 10));
        assertTrue(MetaConfig.isChunkSize(64 << 20));
        assertFalse(MetaConfig.isChunkSize(32 << 10));
        assertFalse(MetaConfig.isChunkSize(128 << 20));
        assertFalse(MetaConfig.isChunkSize(96 << 10));
        assertFalse(MetaConfig.isChunkSize(Integer.MIN_VALUE));
    }
}
