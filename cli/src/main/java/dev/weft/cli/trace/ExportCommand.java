package dev.weft.cli.trace;

import dev.weft.cli.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Histograms in files, and a page with them. */
@Command(
        name = "export",
        description = {
            "Writes a histogram of each stage of each method, in microseconds, as .hgrm files that plotters of HdrHistogram read,",
            "and a page with latency by percentile, latency.html."
        },
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    private static final double NANOS_PER_MICRO = 1000;
    private static final int NAME_CHARS_MAX = 200;
    private static final int STEPS_PER_HALF_DISTANCE = 5;

    @Mixin
    private RecordOptions records = new RecordOptions();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the files go; made if need be.")
    private Path out = Path.of("");

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var filter = records.filter();
        MethodTimes.Table table = new MethodTimes.Table();
        try (Records read = new Records(records.folders())) {
            read.read(call -> {
                if (filter.test(call)) {
                    table.add(call);
                }
            });
        }
        Files.createDirectories(out);
        List<Path> written = new ArrayList<>();
        for (MethodTimes method : table.all()) {
            for (Map.Entry<Stage, Histogram> entry : method.stages().entrySet()) {
                written.add(write(method, entry.getKey(), entry.getValue()));
            }
        }
        Path page = out.resolve("latency.html");
        Files.writeString(page, LatencyPage.of(table.all()));
        written.add(page);
        System.out.println(
                json
                        ? new Json()
                                .raw(
                                        "files",
                                        Json.list(written.stream()
                                                .map(path -> Json.quote(path.toString()))
                                                .toList()))
                                .toString()
                        : written.size() + " files in " + out + ", with " + page);
        return 0;
    }

    private Path write(MethodTimes method, Stage stage, Histogram nanos) throws IOException {
        // Names come from files that may say anything.
        String name = (method.name() + "-" + (method.isOfServer() ? "server" : "client") + "-" + stage.label())
                .replaceAll("[^A-Za-z0-9-]+", "_");
        Path file = out.resolve(name.substring(Math.max(0, name.length() - NAME_CHARS_MAX)) + ".hgrm");
        try (PrintStream stream = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            nanos.outputPercentileDistribution(stream, STEPS_PER_HALF_DISTANCE, NANOS_PER_MICRO);
        }
        return file;
    }
}
