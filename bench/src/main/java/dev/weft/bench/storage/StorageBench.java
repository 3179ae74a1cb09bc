package dev.weft.bench.storage;

import dev.weft.bench.rpc.Machine;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.EngineOptions;
import dev.weft.storage.engine.FileChunkEngine;
import dev.weft.storage.engine.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Measures the chunk engine beside fio on the same file; see {@link #HELP}. */
public final class StorageBench {
    private static final String HELP = """
            Usage: weft bench storage [--rounds N] [--seconds S] [--gibibytes N] [--depth N] [--dir DIRECTORY]
              Fills an engine with chunks of 1 MiB (default 2 GiB), then in turn, for N rounds (default 5) of S seconds
              (default 4) each: fio reads the engine's data file at random by io_uring with O_DIRECT, and the engine reads
              its chunks at random and verifies them, with N reads at a time (default 32), of 4 KiB, 64 KiB and 512 KiB.
              Then 4 KiB writes, one at a time, each durable: fio (fdatasync), the engine appending, the engine overwriting.
              Prints the figures of all rounds and the median of the ratios. They go to bench/results/storage.txt.
            """;

    private static final int[] SIZES = {4 << 10, 64 << 10, 512 << 10};

    private final int rounds;
    private final double seconds;
    private final int gibibytes;
    private final int depth;

    private StorageBench(int rounds, double seconds, int gibibytes, int depth) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.gibibytes = gibibytes;
        this.depth = depth;
    }

    /** See {@link #HELP}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = 5;
        double seconds = 4;
        int gibibytes = 2;
        int depth = 32;
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Double.parseDouble(value);
                case "--gibibytes" -> gibibytes = Integer.parseInt(value);
                case "--depth" -> depth = Integer.parseInt(value);
                case "--dir" -> parent = Path.of(value);
                case "--help" -> {
                    System.out.print(HELP);
                    return;
                }
                default -> {
                    System.err.println("option '" + arguments[i] + "' is not known\n" + HELP);
                    System.exit(64);
                }
            }
        }
        if (!Fio.installed()) {
            System.err.println("weft: bench storage needs fio: apt-get install fio");
            System.exit(69);
        }
        Path directory = Files.createTempDirectory(parent, "weft-bench-");
        try {
            String command = String.join(" ", "./weft bench storage", String.join(" ", arguments))
                    .trim();
            new StorageBench(rounds, seconds, gibibytes, depth).run(command, directory);
        } finally {
            delete(directory);
        }
    }

    private void run(String command, Path directory) throws IOException, InterruptedException {
        StringBuilder report = new StringBuilder(command + "\n\n" + Machine.describe() + "\n");
        try (FileDisk disk = FileDisk.open(directory.resolve("engine"));
                ChunkEngine engine = new FileChunkEngine(
                        disk, Thread.ofPlatform().name("weft-commit").daemon().factory(), EngineOptions.defaults())) {
            report.append("the engine reads by ")
                    .append(disk.readMethod())
                    .append("; ")
                    .append(gibibytes);
            report.append(" GiB in chunks of 1 MiB; ").append(depth).append(" reads at a time\n\n");
            EngineLoad load = new EngineLoad(engine, gibibytes * 1024);
            System.err.println("filling " + gibibytes + " GiB");
            load.fill();
            Path data = directory.resolve("engine").resolve("extents-1024k");
            for (int bytes : SIZES) {
                load.randomReads(bytes, depth, Math.min(3, seconds));
            }
            for (int bytes : SIZES) {
                reads(report, load, data, bytes);
            }
            writes(report, load, directory.resolve("fio"));
        }
        System.out.print(report);
        Path results = Path.of("bench/results/storage.txt");
        Files.createDirectories(results.getParent());
        Files.writeString(results, report);
    }

    private void reads(StringBuilder report, EngineLoad load, Path data, int bytes)
            throws IOException, InterruptedException {
        String name = "random reads of " + (bytes >> 10) + " KiB";
        System.err.println(name);
        report.append(name).append(":  reads/s and MB/s of fio | of the engine | ratio\n");
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            double engine = round % 2 == 0 ? load.randomReads(bytes, depth, seconds) : 0;
            double fio = Fio.randomReads(data, bytes, depth, seconds);
            if (engine == 0) {
                engine = load.randomReads(bytes, depth, seconds);
            }
            ratios.add(engine / fio);
            report.append(String.format(
                    Locale.ROOT,
                    "  %8.0f %7.0f | %8.0f %7.0f | %.2f%n",
                    fio,
                    fio * bytes / 1e6,
                    engine,
                    engine * bytes / 1e6,
                    engine / fio));
        }
        report.append(String.format(Locale.ROOT, "  median of the ratios: %.2f%n%n", median(ratios)));
    }

    private void writes(StringBuilder report, EngineLoad load, Path file) throws IOException, InterruptedException {
        System.err.println("synced writes of 4 KiB");
        report.append(
                "synced writes of 4 KiB, median in us:  fio | the engine appends | the engine overwrites in 64 KiB\n");
        List<Double> appends = new ArrayList<>();
        List<Double> overwrites = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            double fio = Fio.syncedWrite(file, seconds);
            double append = load.syncedWrites(seconds, true, round);
            double overwrite = load.syncedWrites(seconds, false, round);
            appends.add(append / fio);
            overwrites.add(overwrite / fio);
            report.append(String.format(Locale.ROOT, "  %7.0f | %7.0f | %7.0f%n", fio, append, overwrite));
        }
        report.append(String.format(
                Locale.ROOT,
                "  median of the ratios: %.2f to append, %.2f to overwrite%n",
                median(appends),
                median(overwrites)));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
