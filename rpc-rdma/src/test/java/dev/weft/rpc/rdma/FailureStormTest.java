package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.testkit.Simulation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten thousand failures: nothing corrupt, nothing late, nothing leaked. A seed that fails replays its failure: {@code mvn
 * -pl rpc-rdma -am test -Dtest=FailureStormTest -Dsurefire.failIfNoSpecifiedTests=false -Dweft.seed=7}.
 */
@Timeout(600)
final class FailureStormTest {
    private static final int FAILURES = 2_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingIsLostOrLeaked(long seed) {
        long wanted = Long.getLong("weft.seed", seed);
        Simulation.run(wanted, simulation -> simulation.log(new FailureStorm(simulation).run(FAILURES)));
    }

    @Test
    void sameSeedGivesTheSameStorm() {
        String first = Simulation.run(99, simulation -> simulation.log(new FailureStorm(simulation).run(30)));
        String second = Simulation.run(99, simulation -> simulation.log(new FailureStorm(simulation).run(30)));
        assertEquals(first, second);
    }
}
