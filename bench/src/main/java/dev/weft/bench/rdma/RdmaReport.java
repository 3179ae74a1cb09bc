package dev.weft.bench.rdma;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Puts samples side by side: as text and JSON. */
final class RdmaReport {
    private static final String SUBJECT = "weft-rdma";

    private final String environment;

    /** By operation, then subject; a list has one sample of each round. */
    private final Map<Operation, Map<String, List<Sample>>> table = new LinkedHashMap<>();

    RdmaReport(String environment, List<Sample> samples) {
        this.environment = environment;
        for (Sample sample : samples) {
            table.computeIfAbsent(sample.operation(), o -> new LinkedHashMap<>())
                    .computeIfAbsent(sample.subject(), s -> new ArrayList<>())
                    .add(sample);
        }
    }

    String text() {
        StringBuilder out = new StringBuilder(environment + "\n");
        out.append(String.format(
                "%n%-24s %-10s %10s %9s %9s %9s %6s   %s%n",
                "operation",
                "",
                "per s",
                "p50 us",
                "p99 us",
                "cpu us",
                "calls",
                "p50 of weft-rdma to it: min median max"));
        table.forEach((operation, subjects) -> subjects.forEach((subject, samples) -> out.append(String.format(
                Locale.ROOT,
                "%-24s %-10s %,10.0f %,9.1f %,9.1f %9s %6s   %s%n",
                operation,
                subject,
                median(samples, Sample::perSecond),
                median(samples, Sample::p50Micros),
                median(samples, Sample::p99Micros),
                orDash(median(samples, Sample::cpuMicros)),
                orDash(median(samples, Sample::downcalls)),
                subject.equals(SUBJECT) ? "" : ratios(subjects.getOrDefault(SUBJECT, List.of()), samples)))));
        return out.toString();
    }

    private static String orDash(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,.1f", value);
    }

    private static String ratios(List<Sample> subject, List<Sample> other) {
        double[] sorted = sortedRatios(subject, other);
        return sorted.length == 0
                ? ""
                : String.format(
                        Locale.ROOT, "%.2f %.2f %.2f", sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    private static double[] sortedRatios(List<Sample> subject, List<Sample> other) {
        double[] ratios = new double[subject.size() == other.size() ? other.size() : 0];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = subject.get(i).p50Micros() / other.get(i).p50Micros();
        }
        java.util.Arrays.sort(ratios);
        return ratios;
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** An array with an object for each operation and subject. */
    String json() {
        List<String> rows = new ArrayList<>();
        table.forEach((operation, subjects) -> subjects.forEach((subject, samples) -> {
            double[] ratios = sortedRatios(subjects.getOrDefault(SUBJECT, List.of()), samples);
            rows.add(String.format(
                    Locale.ROOT,
                    "  {\"operation\": \"%s\", \"bytes\": %d, \"pieces\": %d, \"in_flight\": %d, \"subject\": \"%s\","
                            + " \"rounds\": %d, \"per_s\": %.1f, \"p50_us\": %.2f, \"p99_us\": %.2f, \"cpu_us\": %s, \"downcalls\": %s,"
                            + " \"weft_rdma_p50_ratio\": %s}",
                    operation,
                    operation.bytes(),
                    operation.pieces(),
                    operation.inFlight(),
                    subject,
                    samples.size(),
                    median(samples, Sample::perSecond),
                    median(samples, Sample::p50Micros),
                    median(samples, Sample::p99Micros),
                    orNull(median(samples, Sample::cpuMicros)),
                    orNull(median(samples, Sample::downcalls)),
                    ratios.length == 0 ? "null" : orNull(ratios[ratios.length / 2])));
        }));
        return "[\n" + String.join(",\n", rows) + "\n]\n";
    }

    private static String orNull(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** Writes {@code rdma.txt} and {@code rdma.json}. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("rdma.txt"), "./weft bench rdma\n\n" + text());
        Files.writeString(directory.resolve("rdma.json"), json());
    }
}
