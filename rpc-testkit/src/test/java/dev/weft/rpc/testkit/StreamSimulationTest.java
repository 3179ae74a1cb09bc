package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Streams under faults follow from their seed. */
final class StreamSimulationTest {
    @Test
    void sameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(StreamStorm.trace(seed, 2000), StreamStorm.trace(seed, 2000), "seed " + seed);
        }
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        assertNotEquals(StreamStorm.trace(1, 2000), StreamStorm.trace(2, 2000));
    }

    @Test
    void faultsAreMetAndStreamsSurviveOthers() {
        StringBuilder all = new StringBuilder();
        for (long seed = 1; seed <= 30; seed++) {
            all.append(StreamStorm.trace(seed, 2000));
        }
        for (String ending :
                new String[] {"returned", "CONNECTION_LOST", "refused", "abandoned", "DEADLINE_EXCEEDED"}) {
            assertTrue(all.toString().contains(ending), "no stream " + ending);
        }
    }
}
