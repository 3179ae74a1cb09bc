package dev.weft.cli.torture;

import dev.weft.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tortures a cluster of real processes. */
@Command(
        name = "torture",
        description = {
            "Tortures a cluster of real processes on this machine: writers and readers with checked content, and every few",
            "seconds a storage process, a manager or the metadata service is killed, frozen, or restarted, or a disk filled.",
            "No acknowledged byte may be lost, no wrong byte read, and every chain must be whole 60 s after the last fault."
        },
        footer = {
            "",
            "Faults: kill-storage, freeze-short (not noticed), freeze-long, restart-storage, full-disk, kill-in-recovery,",
            "kill-manager, freeze-manager, kill-meta, kill-store. Each kind comes once before any comes again.",
            "Several managers share one store; it is the only one, and is killed with --kill-store only.",
            "",
            "Each storage process has a small file system in memory, in a name space of its own, which full-disk fills to",
            "the last byte. Where the system does not allow that, all storage processes refuse new chunks instead."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all held", "1:something was wrong", "2:the command line is wrong"})
public final class TortureCommand implements Callable<Integer> {
    @Option(names = "--minutes", paramLabel = "N", description = "How long faults come (10).")
    private @Nullable Integer minutes;

    @Option(names = "--seconds", paramLabel = "N", description = "The same, in seconds.")
    private @Nullable Integer seconds;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of faults and contents (from the clock; printed).")
    private @Nullable Long seed;

    @Option(names = "--storage", paramLabel = "N", defaultValue = "5", description = "Storage processes, 3 to 20 (5).")
    private int storage = 5;

    @Option(names = "--managers", paramLabel = "N", defaultValue = "2", description = "Cluster managers, 1 to 5 (2).")
    private int managers = 2;

    @Option(
            names = "--writers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Writers, each of chunks and of files at the same time (4).")
    private int writers = 4;

    @Option(
            names = "--readers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Readers, each of chunks and of files at the same time (4).")
    private int readers = 4;

    @Option(
            names = "--failure-time",
            paramLabel = "MILLIS",
            defaultValue = "3000",
            description = "After which a silent node is taken out of use (3000).")
    private int failureMillis = 3000;

    @Option(
            names = "--fault-every",
            paramLabel = "MILLIS",
            defaultValue = "3000",
            description = "Between two faults, on average (3000).")
    private int faultMillis = 3000;

    @Option(
            names = "--faults",
            paramLabel = "KIND",
            split = ",",
            description = "Only these kinds of faults, separated by commas.")
    private @Nullable List<String> faults;

    @Option(names = "--kill-store", description = "Kills the store that the managers share too.")
    private boolean killStore;

    @Option(
            names = "--disk-size",
            paramLabel = "MIB",
            defaultValue = "512",
            description = "Size of each storage process's file system in MiB, in memory as far as it is used (512).")
    private int diskMebibytes = 512;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Folder for data and logs; it must not exist (a temporary one).")
    private @Nullable Path folder;

    @Option(names = "--port", paramLabel = "N", description = "First of 50 ports (free ones from 8000 on).")
    private @Nullable Integer port;

    @Option(names = "--keep", description = "Keeps the folder with the logs. If something was wrong it is kept anyway.")
    private boolean keep;

    @Option(names = "--json", description = "Prints the report as JSON, and nothing while it runs.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Path given = folder;
        if (given != null && Files.exists(given)) {
            throw new UsageException(given + " exists already; --folder takes one that does not");
        }
        Path place = given == null ? Files.createTempDirectory("weft-torture-") : Files.createDirectories(given);
        boolean held = false;
        try {
            held = run(options(place.toAbsolutePath()));
            return held ? 0 : 1;
        } finally {
            if (held && !keep) {
                delete(place);
            } else {
                System.err.println("kept: " + place);
            }
        }
    }

    private boolean run(TortureOptions options) throws IOException, InterruptedException {
        try (TortureRun run = new TortureRun(options, this::say)) {
            // Also when we are interrupted; twice does no harm.
            Runtime.getRuntime().addShutdownHook(new Thread(run::close));
            if (!json) {
                System.out.println(
                        "seed " + options.seed() + ", " + options.duration().toSeconds() + " s of faults");
                run.limits().forEach(System.out::println);
            }
            Report report = run.run();
            System.out.print(json ? report.json() + "\n" : "\n" + report.text());
            return report.held();
        }
    }

    private void say(String line) {
        if (!json) {
            System.out.println(line);
        }
    }

    private TortureOptions options(Path place) throws IOException {
        if (minutes != null && seconds != null) {
            throw new UsageException("--minutes and --seconds exclude each other");
        }
        Duration duration =
                seconds != null ? Duration.ofSeconds(seconds) : Duration.ofMinutes(minutes == null ? 10 : minutes);
        return new TortureOptions(
                place,
                port == null ? Processes.freePort(8000) : port,
                seed == null ? System.currentTimeMillis() % 1_000_000 : seed,
                duration,
                storage,
                managers,
                writers,
                readers,
                Duration.ofMillis(failureMillis),
                Duration.ofMillis(faultMillis),
                (long) diskMebibytes << 20,
                kinds());
    }

    private Set<FaultKind> kinds() {
        List<String> names = faults;
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        if (names == null) {
            kinds.addAll(EnumSet.complementOf(EnumSet.of(FaultKind.KILL_STORE)));
        } else {
            names.forEach(name -> kinds.add(kind(name)));
        }
        if (killStore) {
            kinds.add(FaultKind.KILL_STORE);
        }
        if (managers == 1) {
            kinds.remove(FaultKind.KILL_STORE);
        }
        return kinds;
    }

    private static FaultKind kind(String name) {
        return Arrays.stream(FaultKind.values())
                .filter(kind -> kind.text().equals(name))
                .findAny()
                .orElseThrow(() -> new UsageException("fault '" + name + "' is none of "
                        + Arrays.stream(FaultKind.values()).map(FaultKind::text).collect(Collectors.joining(", "))));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
