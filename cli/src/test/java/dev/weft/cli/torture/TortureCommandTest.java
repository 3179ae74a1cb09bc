package dev.weft.cli.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One short run with every kind of fault, on a machine that may be busy; and what the command line refuses. */
final class TortureCommandTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    void aShortRunHoldsAndLeavesNothingBehind() throws Exception {
        Outcome outcome = Outcome.of(
                "torture",
                "--seconds",
                "25",
                "--seed",
                "7",
                "--fault-every",
                "1500",
                "--failure-time",
                "4000",
                "--storage",
                "4",
                "--writers",
                "2",
                "--readers",
                "2",
                "--disk-size",
                "256",
                "--folder",
                folder.resolve("run").toString());
        assertEquals(0, outcome.exitCode(), outcome::toString);
        assertTrue(outcome.output().contains("held: no acknowledged byte is lost"), outcome::toString);
        assertTrue(outcome.output().contains("longest stall"), outcome::toString);
        Matcher faults = Pattern.compile("(?m)^faults: (\\d+):").matcher(outcome.output());
        assertTrue(faults.find() && Integer.parseInt(faults.group(1)) >= 4, outcome::toString);
        assertEquals(
                List.of(),
                ProcessHandle.current()
                        .descendants()
                        .filter(process -> process.info()
                                .commandLine()
                                .orElse("")
                                .contains(folder.resolve("run").toString()))
                        .toList(),
                "no process is left");
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertEquals(2, Outcome.of("torture", "--storage", "2").exitCode());
        assertEquals(2, Outcome.of("torture", "--faults", "rain").exitCode());
        assertEquals(
                2, Outcome.of("torture", "--minutes", "1", "--seconds", "1").exitCode());
    }
}
