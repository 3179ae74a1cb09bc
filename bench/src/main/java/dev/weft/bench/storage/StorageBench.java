package dev.weft.bench.storage;

import dev.weft.bench.rpc.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the chunk engine, and files through three replicas, beside fio on the same disk. */
@Command(
        name = "weft bench storage",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the chunk engine, and a cluster of three replicas, beside fio on the same disk, in turn.",
            "",
            "engine: fio reads the engine's data file at random by io_uring with O_DIRECT, and the engine reads its "
                    + "chunks at random and verifies them, 4 KiB, 64 KiB and 512 KiB each. Then 4 KiB writes, one at a "
                    + "time, each durable.",
            "cluster: random reads of 512 KiB of one file through client, RPC and three storage processes, beside fio "
                    + "on their data files; one file written from front to back, beside fio writing three; 4 KiB "
                    + "writes, one at a time, beside the engine in this process.",
            "",
            "Prints the figures of all rounds and the median of the ratios. They go to bench/results/storage.txt."
        })
public final class StorageBench implements Callable<Integer> {
    /** What is measured. */
    enum Part {
        ENGINE,
        CLUSTER,
        ALL
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "rounds of each (${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "4",
            description = "how long each side runs in a round (${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--gibibytes",
            paramLabel = "N",
            defaultValue = "2",
            description = "data to read from (${DEFAULT-VALUE}); the cluster holds it three times")
    private int gibibytes;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "32",
            description = "reads at a time (${DEFAULT-VALUE})")
    private int depth;

    @Option(
            names = "--part",
            paramLabel = "PART",
            defaultValue = "ALL",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
    private Part part = Part.ALL;

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            defaultValue = "${sys:java.io.tmpdir}",
            description = "a directory on the disk to measure (${DEFAULT-VALUE})")
    private Path parent = Path.of("");

    /** See the class. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StorageBench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireInRange("--rounds", rounds, 1, 1000);
        requireInRange("--seconds", seconds, 0.1, 600);
        requireInRange("--gibibytes", gibibytes, 1, 64);
        requireInRange("--depth", depth, 1, 256);
        if (!Fio.installed()) {
            System.err.println("weft: bench storage needs fio: apt-get install fio");
            return 69;
        }
        Path directory = Files.createTempDirectory(parent, "weft-bench-");
        try {
            Plan plan = new Plan(directory, rounds, seconds, gibibytes, depth);
            Report report = new Report("./weft bench storage " + String.join(" ", arguments()));
            report.line(Machine.describe());
            if (part != Part.CLUSTER) {
                new EngineRounds(plan, report).run();
            }
            if (part != Part.ENGINE) {
                new ClusterRounds(plan, report).run();
            }
            System.out.print(report);
            if (part == Part.ALL) {
                Path results = Path.of("bench/results/storage.txt");
                Files.createDirectories(results.getParent());
                Files.writeString(results, report.toString());
            }
            return 0;
        } finally {
            delete(directory);
        }
    }

    /**
     * What is to be measured.
     *
     * @param directory for all data
     * @param seconds of each side in each round
     * @param depth reads at a time
     */
    record Plan(Path directory, int rounds, double seconds, int gibibytes, int depth) {
        int mebibytes() {
            return gibibytes * 1024;
        }
    }

    private List<String> arguments() {
        return spec == null ? List.of() : spec.commandLine().getParseResult().originalArgs();
    }

    private void requireInRange(String option, double value, double min, double max) {
        if (!(value >= min && value <= max) && spec != null) {
            throw new ParameterException(
                    spec.commandLine(), option + " of " + value + " is not in " + min + " to " + max);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
