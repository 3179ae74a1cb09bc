package dev.weft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SimulationTest {
    private static final Logger ROOT = Logger.getLogger("");

    @BeforeAll
    static void silence() {
        ROOT.setLevel(Level.OFF);
    }

    @Test
    void someSeeds() {
        for (long seed = 1; seed <= 20; seed++) {
            long begun = System.nanoTime();
            SeedRun.Report report = SeedRun.run(seed, Parts.AS_THEY_ARE);
            System.out.println(seed + " " + (System.nanoTime() - begun) / 1_000_000 + " ms "
                    + report.coverage().counts() + " "
                    + report.trace().lines().reduce((a, b) -> b).orElse(""));
        }
    }

    @Test
    void sameSeedGivesTheSameRun() {
        assertEquals(
                SeedRun.run(3, Parts.AS_THEY_ARE).trace(),
                SeedRun.run(3, Parts.AS_THEY_ARE).trace());
    }
}
