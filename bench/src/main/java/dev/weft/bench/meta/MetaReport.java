package dev.weft.bench.meta;

import dev.weft.bench.tree.Phase;
import dev.weft.bench.tree.PhaseResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Medians of all rounds, by place, phase and peer. */
final class MetaReport {
    private record Row(String place, Phase phase) {}

    private final StringBuilder head = new StringBuilder();
    private final Map<Row, Map<String, List<PhaseResult>>> rows = new LinkedHashMap<>();

    void line(String line) {
        head.append(line).append('\n');
    }

    void add(String place, String peer, List<PhaseResult> results) {
        for (PhaseResult result : results) {
            rows.computeIfAbsent(new Row(place, result.phase()), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(peer, _ -> new ArrayList<>())
                    .add(result);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(head);
        String place = "";
        for (Map.Entry<Row, Map<String, List<PhaseResult>>> row : rows.entrySet()) {
            if (!row.getKey().place.equals(place)) {
                place = row.getKey().place;
                text.append('\n').append(place).append('\n');
                text.append(String.format(
                        Locale.ROOT,
                        "  %-8s %-6s %12s %10s %10s   %s%n",
                        "",
                        "",
                        "each second",
                        "p50 us",
                        "p99 us",
                        "weft to it, median of the rounds"));
            }
            append(text, row.getKey().phase, row.getValue());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Phase phase, Map<String, List<PhaseResult>> peers) {
        List<PhaseResult> weft = peers.getOrDefault("weft", List.of());
        peers.forEach((peer, results) -> text.append(String.format(
                Locale.ROOT,
                "  %-8s %-6s %,12.0f %,10.0f %,10.0f   %s%n",
                phase.name().toLowerCase(Locale.ROOT),
                peer,
                median(results, PhaseResult::perSecond),
                median(results, PhaseResult::p50Micros),
                median(results, PhaseResult::p99Micros),
                peer.equals("weft") || weft.size() != results.size() ? "" : ratio(weft, results))));
    }

    private static String ratio(List<PhaseResult> weft, List<PhaseResult> other) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < weft.size(); round++) {
            ratios.add(weft.get(round).perSecond() / other.get(round).perSecond());
        }
        return String.format(
                Locale.ROOT, "%.2f", ratios.stream().sorted().toList().get(ratios.size() / 2));
    }

    private static double median(List<PhaseResult> results, ToDoubleFunction<PhaseResult> value) {
        return results.stream().map(value::applyAsDouble).sorted().toList().get(results.size() / 2);
    }
}
