package dev.weft.bench.fs;

import dev.weft.api.meta.RemoveRequest;
import dev.weft.bench.rpc.Machine;
import dev.weft.client.CreateOptions;
import dev.weft.client.FileReader;
import dev.weft.client.FileWriter;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** Measures files through three replicas beside {@code dd} on the same disk; see {@link #HELP}. */
public final class FileBench {
    private static final String HELP = """
            Usage: weft bench fs [--rounds N] [--mebibytes N] [--dir DIRECTORY]
              Starts a cluster and writes and reads one file (default 1024 MiB) in turn with dd writing three copies
              with fsync and reading one, for N rounds (default 5). Prints MB/s, the ratios and the servers' memory.
              The figures go to bench/results/fs.txt.
            """;

    private final int mebibytes;
    private final Path directory;
    private final byte[] piece = new byte[1 << 20];
    private final List<double[]> rounds = new ArrayList<>();

    private FileBench(int mebibytes, Path directory) {
        this.mebibytes = mebibytes;
        this.directory = directory;
        new Random(1).nextBytes(piece);
    }

    /** See {@link #HELP}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = 5;
        int mebibytes = 1024;
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--mebibytes" -> mebibytes = Integer.parseInt(value);
                case "--dir" -> parent = Path.of(value);
                case "--help" -> {
                    System.out.print(HELP);
                    return;
                }
                default -> {
                    System.err.println("option '" + arguments[i] + "' is not known\n" + HELP);
                    System.exit(2);
                }
            }
        }
        Path directory = Files.createTempDirectory(parent, "weft-bench-");
        try {
            new FileBench(mebibytes, directory).run(rounds);
        } finally {
            delete(directory);
        }
    }

    private void run(int count) throws IOException, InterruptedException {
        StringBuilder report = new StringBuilder("./weft bench fs\n\n" + Machine.describe() + "\n");
        try (BenchCluster cluster = new BenchCluster(directory.resolve("cluster"))) {
            Thread.sleep(3000);
            List<Long> idle = cluster.residentMebibytes();
            report.append("the servers of weft up, idle: ")
                    .append(idle)
                    .append(" MiB, together ")
                    .append(idle.stream().mapToLong(Long::longValue).sum())
                    .append(" MiB\n\n");
            WeftFileSystem files = cluster.files();
            put(files, "/warm-up", Math.min(mebibytes, 256));
            get(files, "/warm-up");
            for (int round = 0; round < count; round++) {
                measure(files, round);
            }
        }
        append(report, "write to three replicas, against dd writing three copies with fsync", 0);
        append(report, "read, against dd reading one, page cache dropped before each if that is allowed", 2);
        System.out.print(report);
        Path results = Path.of("bench", "results");
        Files.createDirectories(results);
        Files.writeString(results.resolve("fs.txt"), report);
    }

    private void measure(WeftFileSystem files, int round) throws IOException, InterruptedException {
        String path = "/file-" + round;
        double put = put(files, path, mebibytes);
        double ddWrite = ddWrite();
        dropCaches();
        double get = get(files, path);
        dropCaches();
        double ddRead = time(() -> dd("if=" + directory.resolve("copy-0"), "of=/dev/null", "bs=1M"));
        files.remove(path, RemoveRequest.Kind.UNLINK);
        rounds.add(new double[] {put, ddWrite, get, ddRead});
        System.err.printf(
                "round %d: write %.0f MB/s, dd %.0f; read %.0f MB/s, dd %.0f%n", round + 1, put, ddWrite, get, ddRead);
    }

    private double put(WeftFileSystem files, String path, int count) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        try (FileWriter writer = files.create(path, CreateOptions.defaults())) {
            for (int i = 0; i < count; i++) {
                writer.write(ByteBuffer.wrap(piece));
            }
        }
        return count * (double) piece.length / 1e6 / ((System.nanoTime() - begun) / 1e9);
    }

    private double get(WeftFileSystem files, String path) throws IOException {
        long begun = System.nanoTime();
        FileReader reader = files.open(path);
        long[] bytes = new long[1];
        reader.transferTo((offset, chunk) -> bytes[0] += chunk.byteSize());
        if (bytes[0] != reader.length()) {
            throw new IOException("read " + bytes[0] + " bytes of " + reader.length());
        }
        return bytes[0] / 1e6 / ((System.nanoTime() - begun) / 1e9);
    }

    /** Three copies at the same time, each forced to disk, as three replicas are. */
    private double ddWrite() throws IOException, InterruptedException {
        Path source = directory.resolve("source");
        if (!Files.exists(source)) {
            try (var out = Files.newOutputStream(source)) {
                for (int i = 0; i < mebibytes; i++) {
                    out.write(piece);
                }
            }
        }
        return time(() -> {
            List<Process> copies = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                copies.add(start("if=" + source, "of=" + directory.resolve("copy-" + i), "bs=1M", "conv=fsync"));
            }
            for (Process copy : copies) {
                copy.waitFor();
            }
        });
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private double time(Work work) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        work.run();
        return mebibytes * (double) piece.length / 1e6 / ((System.nanoTime() - begun) / 1e9);
    }

    private static void dd(String... operands) throws IOException, InterruptedException {
        start(operands).waitFor();
    }

    private static Process start(String... operands) throws IOException {
        List<String> command = new ArrayList<>(List.of("dd"));
        command.addAll(Arrays.asList(operands));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** So that both sides read from the disk; without the right to, both read from memory. */
    private static void dropCaches() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
        Path control = Path.of("/proc/sys/vm/drop_caches");
        if (Files.isWritable(control)) {
            Files.writeString(control, "3");
        }
    }

    private void append(StringBuilder report, String what, int column) {
        report.append(what).append('\n');
        report.append(String.format(
                Locale.ROOT,
                "  weft %.0f MB/s, dd %.0f MB/s (medians); ratio minimum %.2f, median %.2f, maximum %.2f%n",
                median(rounds.stream().mapToDouble(r -> r[column]).toArray()),
                median(rounds.stream().mapToDouble(r -> r[column + 1]).toArray()),
                ratios(column)[0],
                median(ratios(column)),
                ratios(column)[rounds.size() - 1]));
    }

    private double[] ratios(int column) {
        return rounds.stream()
                .mapToDouble(r -> r[column] / r[column + 1])
                .sorted()
                .toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
