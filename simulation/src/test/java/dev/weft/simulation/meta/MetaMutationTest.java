package dev.weft.simulation.meta;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the simulation finds bugs: each of these, planted, makes a seed fail soon. */
final class MetaMutationTest {
    private static final int SEEDS_MAX = 1000;
    private static final Logger ROOT = Logger.getLogger("");
    private static final Map<MetaMutation, String> FOUND = new TreeMap<>();

    @BeforeAll
    static void silence() {
        ROOT.setLevel(Level.OFF);
    }

    @ParameterizedTest
    @EnumSource(MetaMutation.class)
    void isFoundWithinAThousandSeeds(MetaMutation mutation) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            try {
                MetaRun.run(seed, mutation, _ -> {});
            } catch (AssertionError e) {
                FOUND.put(
                        mutation,
                        String.format(
                                "| `%2$s` | %1$d | %3$.80s |",
                                seed,
                                mutation,
                                String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")));
                return;
            }
        }
        fail(mutation + " was not found by " + SEEDS_MAX + " seeds");
    }

    /** Numbers change with the code; that a row is there is checked, and printed with what to put in it. */
    @Test
    void eachIsInTheDocument() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "concepts", "simulation.md"));
        for (MetaMutation mutation : MetaMutation.values()) {
            assertTrue(document.contains("| `" + mutation + "` |"), () -> mutation + " has no row in the table");
        }
    }

    @AfterAll
    static void table() {
        System.out.println("| Mutation | Found by seed | How it showed |\n|---|---|---|");
        FOUND.values().forEach(System.out::println);
    }
}
