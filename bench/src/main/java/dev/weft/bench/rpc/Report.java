package dev.weft.bench.rpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Puts measurements side by side: as text, CSV and a page with latency curves. */
final class Report {
    private static final String SUBJECT = "weft";

    /** By scenario, then peer; a list has one measurement of each round. */
    private final Map<Scenario, Map<String, List<Measurement>>> table = new LinkedHashMap<>();

    private final List<Measurement> all;

    Report(List<Measurement> all) {
        this.all = all;
        for (Measurement one : all) {
            table.computeIfAbsent(one.scenario(), s -> new LinkedHashMap<>())
                    .computeIfAbsent(one.peer(), p -> new ArrayList<>())
                    .add(one);
        }
    }

    String text() {
        StringBuilder out = new StringBuilder();
        table.forEach((scenario, peers) -> {
            out.append("\n").append(scenario).append(" (medians; ratios of ").append(SUBJECT);
            out.append(" to each peer in the same round: minimum, median, maximum)\n");
            out.append(String.format(
                    "  %-14s %12s %9s %9s %9s %9s %8s  %s%n",
                    "",
                    "requests/s",
                    "MB/s",
                    "p50 us",
                    "p99 us",
                    "p99.9 us",
                    "cpu us",
                    "requests/s ratio, cpu ratio, p50 ratio"));
            peers.forEach((peer, rounds) -> out.append(line(peer, rounds, peers.getOrDefault(SUBJECT, List.of()))));
        });
        return out.toString();
    }

    private static String line(String peer, List<Measurement> rounds, List<Measurement> subject) {
        String figures = String.format(
                Locale.ROOT,
                "  %-14s %,12.0f %,9.1f %,9.0f %,9.0f %,9.0f %8.2f  ",
                peer,
                median(rounds, Measurement::callsPerSecond),
                median(rounds, Measurement::megabytesPerSecond),
                median(rounds, m -> m.micros(50)),
                median(rounds, m -> m.micros(99)),
                median(rounds, m -> m.micros(99.9)),
                median(rounds, Measurement::cpuMicros));
        boolean comparable = !peer.equals(SUBJECT) && subject.size() == rounds.size();
        return figures
                + (comparable
                        ? ratios(subject, rounds, Measurement::callsPerSecond) + ", "
                                + ratios(subject, rounds, Measurement::cpuMicros) + ", "
                                + ratios(subject, rounds, m -> m.micros(50))
                        : "")
                + "\n";
    }

    private static String ratios(
            List<Measurement> subject, List<Measurement> peer, ToDoubleFunction<Measurement> figure) {
        double[] ratios = new double[peer.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(subject.get(i)) / figure.applyAsDouble(peer.get(i));
        }
        java.util.Arrays.sort(ratios);
        return String.format(
                Locale.ROOT, "%.2f %.2f %.2f", ratios[0], ratios[ratios.length / 2], ratios[ratios.length - 1]);
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Writes {@code rpc.csv} and {@code rpc.html}. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        StringBuilder csv = new StringBuilder(
                "payload_bytes,in_flight,peer,requests_per_s,mb_per_s,p50_us,p99_us,p999_us,cpu_us\n");
        for (Measurement one : all) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%d,%d,%s,%.1f,%.2f,%.1f,%.1f,%.1f,%.3f%n",
                    one.scenario().payloadBytes(),
                    one.scenario().inFlight(),
                    one.peer(),
                    one.callsPerSecond(),
                    one.megabytesPerSecond(),
                    one.micros(50),
                    one.micros(99),
                    one.micros(99.9),
                    one.cpuMicros()));
        }
        Files.writeString(directory.resolve("rpc.csv"), csv);
        StringBuilder page = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">"
                + "<title>Weft and its peers</title><style>body{font:15px sans-serif;margin:2em;max-width:70em}"
                + "pre{background:#f4f4f4;padding:1em;overflow-x:auto}svg{background:#fff;border:1px solid #ddd}</style>"
                + "<h1>Echo, side by side</h1><p>" + Machine.describe() + "</p>");
        table.forEach((scenario, peers) -> {
            Map<String, Histogram> curves = new LinkedHashMap<>();
            peers.forEach((peer, rounds) -> curves.put(peer, sum(rounds)));
            page.append("<h2>").append(scenario).append("</h2>").append(LatencyPlot.svg(curves));
        });
        page.append("<h2>Figures</h2><pre>").append(text()).append("</pre></html>\n");
        Files.writeString(directory.resolve("rpc.html"), page);
    }

    private static Histogram sum(List<Measurement> rounds) {
        Histogram sum = new Histogram(rounds.getFirst().nanos());
        rounds.forEach(one -> sum.add(one.nanos()));
        return sum;
    }
}
