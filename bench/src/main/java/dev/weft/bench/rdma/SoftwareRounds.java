package dev.weft.bench.rdma;

import com.sun.management.ThreadMXBean;
import dev.weft.bench.jmh.Cost;
import dev.weft.bench.rpc.Machine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/** Rounds in which Weft and bare verbs take turns, each in a JVM of its own, over devices in software. */
final class SoftwareRounds {
    private static final List<String> OPERATIONS = List.of("call", "write32x4KiB", "read32x4KiB", "write32x16B");

    private SoftwareRounds() {}

    static void run(int rounds, Path directory) throws RunnerException, IOException {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (String operation : OPERATIONS) {
                measure(costs, "weft", operation, WeftRdmaBenchmark.class);
                if (!operation.equals("call")) {
                    measure(costs, "verbs", operation, VerbsBenchmark.class);
                }
            }
            System.err.println("round " + round + " is done");
        }
        String report = report(costs) + "\n" + counts();
        System.out.print(report);
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("rdma-software.txt"), "./weft bench rdma --software\n\n" + report);
        Files.writeString(directory.resolve("rdma-software.json"), json(costs));
    }

    private static void measure(Map<String, List<Cost>> costs, String side, String operation, Class<?> benchmark)
            throws RunnerException {
        Cost cost = Cost.measure(
                benchmark, operation, 5, 5, TimeValue.seconds(1), "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED");
        costs.computeIfAbsent(side + " " + operation, key -> new ArrayList<>()).add(cost);
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
        double[] sorted = costs.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String report(Map<String, List<Cost>> costs) throws IOException {
        StringBuilder report = new StringBuilder(Machine.describe() + "\n");
        report.append(
                "Medians of rounds. \"verbs\" is the same chain of requests without the transport; bytes are those of both"
                        + " ends,\nJMH's own few included.\n\n");
        report.append(String.format("%-20s %12s %10s%n", "", "ns/op", "B/op"));
        costs.forEach((name, rounds) -> report.append(String.format(
                Locale.ROOT,
                "%-20s %,12.0f %10.2f%n",
                name,
                median(rounds, Cost::nanos),
                median(rounds, Cost::bytes))));
        return report.toString();
    }

    private static String json(Map<String, List<Cost>> costs) {
        List<String> rows = new ArrayList<>();
        costs.forEach((name, rounds) -> rows.add(String.format(
                Locale.ROOT,
                "  {\"benchmark\": \"%s\", \"rounds\": %d, \"ns_per_op\": %.1f, \"bytes_per_op\": %.3f}",
                name,
                rounds.size(),
                median(rounds, Cost::nanos),
                median(rounds, Cost::bytes))));
        return "[\n" + String.join(",\n", rows) + "\n]\n";
    }

    /** What the client's transport does for one operation, by its own counters. */
    private static String counts() throws IOException {
        StringBuilder out = new StringBuilder(
                "What the client's transport counts for each operation; bytes are those of the calling thread and of the threads"
                        + " of\nboth transports\n\n");
        WeftRdmaBenchmark benchmark = new WeftRdmaBenchmark();
        benchmark.connect();
        try {
            out.append(count("call", benchmark, benchmark::call));
            out.append(count("write32x4KiB", benchmark, benchmark::write32x4KiB));
            out.append(count("read32x4KiB", benchmark, benchmark::read32x4KiB));
        } finally {
            benchmark.close();
        }
        return out.toString();
    }

    /** By this thread and by all of the transports' own. */
    private static long allocatedBytes(long[] threads) {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = bean.getCurrentThreadAllocatedBytes();
        for (long thread : threads) {
            bytes += bean.getThreadAllocatedBytes(thread);
        }
        return bytes;
    }

    private static long[] transportThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("weft-rdma"))
                .mapToLong(Thread::threadId)
                .toArray();
    }

    private static String count(String name, WeftRdmaBenchmark benchmark, Runnable operation) {
        int times = 50_000;
        for (int i = 0; i < times; i++) {
            operation.run();
        }
        Map<String, Long> before = benchmark.counters();
        long[] threads = transportThreads();
        long bytes = allocatedBytes(threads);
        for (int i = 0; i < times; i++) {
            operation.run();
        }
        bytes = allocatedBytes(threads) - bytes;
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "%-14s  bytes allocated %.2f", name, (double) bytes / times));
        benchmark.counters().forEach((counter, value) -> {
            long more = value - before.getOrDefault(counter, 0L);
            if (more > 0) {
                line.append(
                        String.format(Locale.ROOT, "  %s %.2f", counter.replace("rdma.", ""), (double) more / times));
            }
        });
        return line.append('\n').toString();
    }
}
