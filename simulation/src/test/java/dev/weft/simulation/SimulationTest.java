package dev.weft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A few seeds with each build; {@code ./weft simulate} runs many. */
final class SimulationTest {
    private static final Logger ROOT = Logger.getLogger("");

    @BeforeAll
    static void silence() {
        ROOT.setLevel(Level.OFF);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 24);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void clusterUnderFaultsLooksLikeOneChunkEach(long seed) {
        Coverage coverage = SeedRun.run(seed, Parts.AS_THEY_ARE).coverage();
        assertTrue(coverage.total("fault.") >= 10, () -> "faults: " + coverage.counts());
        assertTrue(coverage.total("operation.") >= 100, () -> "operations: " + coverage.counts());
    }

    @Test
    void sameSeedGivesTheSameRun() {
        assertEquals(
                SeedRun.run(3, Parts.AS_THEY_ARE).trace(),
                SeedRun.run(3, Parts.AS_THEY_ARE).trace());
    }

    @Test
    void anotherSeedGivesAnotherRun() {
        assertNotEquals(
                SeedRun.run(3, Parts.AS_THEY_ARE).trace(),
                SeedRun.run(4, Parts.AS_THEY_ARE).trace());
    }
}
