package dev.weft.simulation.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.simulation.Coverage;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A few seeds with each build; {@code ./weft simulate} runs many. */
final class MetaSimulationTest {
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
    void serversUnderFaultsLookLikeOneTree(long seed) {
        Coverage coverage = MetaRun.run(seed, MetaParts.AS_THEY_ARE, _ -> {}).coverage();
        assertTrue(coverage.total("meta.fault.") >= 8, () -> "faults: " + coverage.counts());
    }

    @Test
    void sameSeedGivesTheSameRun() {
        assertEquals(
                MetaRun.run(3, MetaParts.AS_THEY_ARE, _ -> {}).trace(),
                MetaRun.run(3, MetaParts.AS_THEY_ARE, _ -> {}).trace());
    }
}
