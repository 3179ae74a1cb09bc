package dev.weft.cli.torture;

import com.google.errorprone.annotations.FormatMethod;
import dev.weft.cli.Json;
import dev.weft.cli.Sizes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of it.
 *
 * @param work by sort of worker
 * @param faults by kind
 * @param wholeAfter how long after the last fault every chain was whole; negative if none was in time
 * @param recoveredBytes that were sent to replicas that were filled
 * @param filling how long some replica was being filled
 * @param wrongs how many there were
 * @param firstWrongs some of them
 */
record Report(
        long seed,
        Map<String, Tally.Summary> work,
        Map<FaultKind, Integer> faults,
        Duration wholeAfter,
        Duration wholeLimit,
        long recoveredBytes,
        Duration filling,
        long wrongs,
        List<String> firstWrongs) {
    boolean held() {
        return wrongs == 0 && !wholeAfter.isNegative();
    }

    private double recoveryMegabytes() {
        return filling.isZero() ? 0 : recoveredBytes / 1e6 / (filling.toNanos() / 1e9);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "%-14s %10s %8s %9s %13s %14s", "", "succeeded", "failed", "share", "availability", "longest stall");
        work.forEach((name, each) -> line(
                text,
                "%-14s %10d %8d %8.3f%% %12.2f%% %12.1f s",
                name,
                each.succeeded(),
                each.failed(),
                each.success() * 100,
                each.availability() * 100,
                each.longestStallNanos() / 1e9));
        line(text, "availability: share of the seconds of each worker in which an operation of it succeeded");
        line(text, "why operations failed: %s", failures());
        line(
                text,
                "faults: %d: %s",
                faults.values().stream().mapToInt(Integer::intValue).sum(),
                String.join(
                        ", ",
                        faults.entrySet().stream()
                                .map(each -> each.getKey().text() + " " + each.getValue())
                                .toList()));
        line(
                text,
                "recovery: %s in %.1f s in which replicas were filled: %.1f MB/s",
                Sizes.text(recoveredBytes),
                filling.toNanos() / 1e9,
                recoveryMegabytes());
        line(
                text,
                "chains: %s the last fault; %d s are allowed",
                wholeAfter.isNegative()
                        ? "not whole after"
                        : String.format(Locale.ROOT, "all whole %.1f s after", wholeAfter.toNanos() / 1e9),
                wholeLimit.toSeconds());
        firstWrongs.forEach(wrong -> line(text, "WRONG: %s", wrong));
        line(
                text,
                "%s (seed %d)",
                held()
                        ? "held: no acknowledged byte is lost, no wrong byte was read, all replicas are equal"
                        : "FAILED: " + wrongs + " wrongs",
                seed);
        return text.toString();
    }

    @FormatMethod
    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private Map<String, Long> failures() {
        Map<String, Long> all = new TreeMap<>();
        work.values().forEach(each -> each.failures().forEach((why, count) -> all.merge(why, count, Long::sum)));
        return all;
    }

    String json() {
        Json workers = new Json();
        work.forEach((name, each) -> workers.raw(
                name,
                new Json()
                        .put("succeeded", each.succeeded())
                        .put("failed", each.failed())
                        .raw("availability", Double.toString(each.availability()))
                        .raw("longestStallSeconds", Double.toString(each.longestStallNanos() / 1e9))
                        .toString()));
        Json counts = new Json();
        faults.forEach((kind, count) -> counts.put(kind.text(), count));
        Json why = new Json();
        failures().forEach(why::put);
        return new Json()
                .put("held", held())
                .put("seed", seed)
                .raw("work", workers.toString())
                .raw("failures", why.toString())
                .raw("faults", counts.toString())
                .put("recoveredBytes", recoveredBytes)
                .raw("fillingSeconds", Double.toString(filling.toNanos() / 1e9))
                .raw("recoveryMegabytesPerSecond", Double.toString(recoveryMegabytes()))
                .raw(
                        "wholeAfterSeconds",
                        wholeAfter.isNegative() ? "null" : Double.toString(wholeAfter.toNanos() / 1e9))
                .put("wrongCount", wrongs)
                .raw("wrongs", Json.list(firstWrongs.stream().map(Json::quote).toList()))
                .toString();
    }
}
