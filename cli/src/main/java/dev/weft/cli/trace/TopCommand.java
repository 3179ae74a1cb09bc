package dev.weft.cli.trace;

import dev.weft.cli.Json;
import dev.weft.cli.Sizes;
import dev.weft.cli.UsageException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the time went. */
@Command(
        name = "top",
        description = {
            "Shows how long the calls of each method took, and each of their stages; methods that took most time first.",
            "Times in microseconds."
        },
        mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
    @Mixin
    private RecordOptions records = new RecordOptions();

    @Option(names = "--limit", paramLabel = "N", description = "Shows so many methods (20).")
    private int limit = 20;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (limit < 1) {
            throw new UsageException("--limit " + limit + " is below 1");
        }
        var filter = records.filter();
        MethodTimes.Table table = new MethodTimes.Table();
        try (Records read = new Records(records.folders())) {
            read.read(call -> {
                if (filter.test(call)) {
                    table.add(call);
                }
            });
            List<MethodTimes> methods = table.all().stream().limit(limit).toList();
            System.out.print(json ? json(methods, read.dropped()) : text(methods, read.dropped()));
        }
        return 0;
    }

    private static String text(List<MethodTimes> methods, long dropped) {
        StringBuilder text = new StringBuilder();
        for (MethodTimes method : methods) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s, as its %s sees it: %d calls, %d failed, %s in requests, %s in replies%n",
                    method.name(),
                    method.isOfServer() ? "server" : "client",
                    method.calls(),
                    method.failures(),
                    Sizes.text(method.requestBytes()),
                    Sizes.text(method.replyBytes())));
            text.append(String.format(
                    Locale.ROOT,
                    "  %-8s %10s %10s %10s %10s %10s %10s%n",
                    "stage",
                    "count",
                    "p50",
                    "p90",
                    "p99",
                    "p99.9",
                    "max"));
            method.stages()
                    .forEach((stage, nanos) -> text.append(String.format(
                            Locale.ROOT,
                            "  %-8s %10d %10.1f %10.1f %10.1f %10.1f %10.1f%n",
                            stage.label(),
                            nanos.getTotalCount(),
                            micros(nanos, 50),
                            micros(nanos, 90),
                            micros(nanos, 99),
                            micros(nanos, 99.9),
                            nanos.getMaxValue() / 1e3)));
        }
        if (methods.isEmpty()) {
            text.append("no calls\n");
        }
        if (dropped > 0) {
            text.append(dropped).append(" calls were not recorded, for lack of time or space\n");
        }
        return text.toString();
    }

    private static double micros(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e3;
    }

    private static String json(List<MethodTimes> methods, long dropped) {
        return new Json()
                        .raw(
                                "methods",
                                Json.list(methods.stream().map(TopCommand::json).toList()))
                        .put("dropped", dropped)
                + "\n";
    }

    private static String json(MethodTimes method) {
        Json stages = new Json();
        for (Map.Entry<Stage, Histogram> entry : method.stages().entrySet()) {
            Histogram nanos = entry.getValue();
            stages.raw(
                    entry.getKey().label(),
                    new Json()
                            .put("count", nanos.getTotalCount())
                            .put("p50Nanos", nanos.getValueAtPercentile(50))
                            .put("p90Nanos", nanos.getValueAtPercentile(90))
                            .put("p99Nanos", nanos.getValueAtPercentile(99))
                            .put("p999Nanos", nanos.getValueAtPercentile(99.9))
                            .put("maxNanos", nanos.getMaxValue())
                            .toString());
        }
        return new Json()
                .put("method", method.name())
                .put("side", method.isOfServer() ? "server" : "client")
                .put("calls", method.calls())
                .put("failures", method.failures())
                .put("requestBytes", method.requestBytes())
                .put("replyBytes", method.replyBytes())
                .raw("stages", stages.toString())
                .toString();
    }
}
