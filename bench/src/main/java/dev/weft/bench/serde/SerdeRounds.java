package dev.weft.bench.serde;

import dev.weft.bench.jmh.Cost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/** Rounds in which the sides take turns, A B C A B C, each in a JVM of its own; and what came out. */
final class SerdeRounds {
    private static final List<String> OPERATIONS = List.of("encode", "decode");
    private static final List<Class<?>> SIDES =
            List.of(WeftBenchmark.class, ProtobufBenchmark.class, ThriftBenchmark.class);

    /** Many short slices, of which the lower quartile counts: other processes that wake up spoil some of them only. */
    private static final int SLICES = 30;

    private static final int SLICE_MILLIS = 100;

    private record Measurement(int round, String side, String operation, double nanos, double bytes) {}

    private final List<Measurement> measurements = new ArrayList<>();

    private SerdeRounds() {}

    /** Runs that many rounds; about 45 s each. */
    static SerdeRounds run(int rounds) throws RunnerException {
        SerdeRounds result = new SerdeRounds();
        for (int round = 1; round <= rounds; round++) {
            for (String operation : OPERATIONS) {
                for (Class<?> side : SIDES) {
                    Measurement measurement = measure(round, side, operation);
                    result.measurements.add(measurement);
                    System.out.printf(
                            Locale.ROOT,
                            "round %d  %-6s %-8s %8.1f ns/op %8.0f B/op%n",
                            round,
                            operation,
                            measurement.side,
                            measurement.nanos,
                            measurement.bytes);
                }
            }
        }
        return result;
    }

    private static Measurement measure(int round, Class<?> side, String operation) throws RunnerException {
        Cost cost = Cost.measure(side, operation, 3, SLICES, TimeValue.milliseconds(SLICE_MILLIS));
        return new Measurement(round, name(side), operation, cost.nanos(), cost.bytes());
    }

    private static String name(Class<?> side) {
        return side.getSimpleName().replace("Benchmark", "").toLowerCase(Locale.ROOT);
    }

    /** A table of medians, and of the ratios of time within each round. */
    String report() {
        StringBuilder report = new StringBuilder("\n" + environment() + "\n" + sizes() + "\n\n");
        report.append("operation  side          ns/op      B/op   times as long as weft: min  median  max\n");
        for (String operation : OPERATIONS) {
            for (Class<?> side : SIDES) {
                double[] nanos = select(name(side), operation)
                        .mapToDouble(Measurement::nanos)
                        .toArray();
                double[] weft = select("weft", operation)
                        .mapToDouble(Measurement::nanos)
                        .toArray();
                double[] ratios = new double[nanos.length];
                for (int i = 0; i < nanos.length; i++) {
                    ratios[i] = nanos[i] / weft[i];
                }
                double[] bytes = select(name(side), operation)
                        .mapToDouble(Measurement::bytes)
                        .toArray();
                report.append(String.format(
                        Locale.ROOT,
                        "%-10s %-10s %8.1f  %8.0f   %26.2f  %6.2f  %.2f%n",
                        operation,
                        name(side),
                        median(nanos),
                        median(bytes),
                        sorted(ratios)[0],
                        median(ratios),
                        sorted(ratios)[ratios.length - 1]));
            }
        }
        return report.toString();
    }

    private Stream<Measurement> select(String side, String operation) {
        return measurements.stream().filter(each -> each.side.equals(side) && each.operation.equals(operation));
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted;
    }

    private static double median(double[] values) {
        return sorted(values)[values.length / 2];
    }

    private static String environment() {
        return Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors";
    }

    private static String sizes() {
        return "message of 20 fields with a list of 8 records: weft " + new WeftBenchmark().size() + " bytes, protobuf "
                + new ProtobufBenchmark().size() + ", thrift " + new ThriftBenchmark().size();
    }

    /** Writes every measurement as {@code serde.csv} into the folder, and the report beside it; returns the former. */
    Path save(Path folder) throws IOException {
        Files.createDirectories(folder);
        StringBuilder csv = new StringBuilder("round,operation,side,ns_per_op,bytes_per_op\n");
        for (Measurement each : measurements) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%d,%s,%s,%.2f,%.1f%n",
                    each.round,
                    each.operation,
                    each.side,
                    each.nanos,
                    each.bytes));
        }
        Files.writeString(folder.resolve("serde.txt"), "./weft bench serde\n" + report());
        return Files.writeString(folder.resolve("serde.csv"), csv);
    }
}
