package dev.weft.bench.storage;

import dev.weft.bench.fs.BenchCluster;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.EngineOptions;
import dev.weft.storage.engine.FileChunkEngine;
import dev.weft.storage.engine.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three replicas, each in a process of its own, beside fio on the same disk. */
final class ClusterRounds {
    private static final int READ_BYTES = 512 << 10;

    private final StorageBench.Plan plan;
    private final Report report;

    ClusterRounds(StorageBench.Plan plan, Report report) {
        this.plan = plan;
        this.report = report;
    }

    void run() throws IOException, InterruptedException {
        Path folder = plan.directory().resolve("cluster");
        try (BenchCluster cluster = new BenchCluster(folder)) {
            report.row(
                    "a cluster of three storage processes: %d GiB in one file, all of it on each%n", plan.gibibytes());
            ClusterLoad load = new ClusterLoad(cluster);
            System.err.println("filling " + plan.gibibytes() + " GiB, three times");
            load.fill(plan.mebibytes());
            load.randomReads(READ_BYTES, plan.depth(), Math.min(3, plan.seconds()));
            reads(load, dataFiles(folder));
            writes(load);
            latency(load);
        }
    }

    /** All that the three have, for fio to read. */
    private static String dataFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).equals("extents-1024k"))
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
        }
    }

    private void reads(ClusterLoad load, String data) throws IOException, InterruptedException {
        System.err.println("random reads through the cluster");
        report.line("random reads of 512 KiB through client and cluster:  MB/s of fio | of the cluster | ratio");
        Report.Ratios ratios = new Report.Ratios();
        for (int round = 1; round <= plan.rounds(); round++) {
            double fio = Fio.randomReads(data, READ_BYTES, plan.depth(), plan.seconds()) * READ_BYTES / 1e6;
            double cluster = load.randomReads(READ_BYTES, plan.depth(), plan.seconds()) * READ_BYTES / 1e6;
            report.row("  %7.0f | %7.0f | %.2f", fio, cluster, ratios.add(cluster / fio));
        }
        report.row("  median of the ratios: %.2f%n", ratios.median());
    }

    private void writes(ClusterLoad load) throws IOException, InterruptedException {
        System.err.println("sequential writes");
        report.line(
                "one file of 512 MiB, written in chunks of 1 MiB, each durable on all three:  MB/s of three files by "
                        + "fio, each with fdatasync after each MiB | of the cluster | ratio");
        Report.Ratios ratios = new Report.Ratios();
        for (int round = 1; round <= plan.rounds(); round++) {
            double fio = Fio.sequentialWrite(plan.directory(), 3, 512);
            double cluster = load.sequentialWrite(512);
            report.row("  %7.0f | %7.0f | %.2f", fio, cluster, ratios.add(cluster / fio));
        }
        report.row("  median of the ratios: %.2f%n", ratios.median());
    }

    private void latency(ClusterLoad load) throws IOException, InterruptedException {
        System.err.println("synced writes of 4 KiB through the cluster");
        report.line("4 KiB, one at a time, each durable, median in us:  the engine appends | three replicas append | "
                + "ratio | the engine overwrites | three replicas overwrite | ratio");
        Report.Ratios appends = new Report.Ratios();
        Report.Ratios overwrites = new Report.Ratios();
        try (FileDisk disk = FileDisk.open(plan.directory().resolve("alone"));
                ChunkEngine engine = new FileChunkEngine(
                        disk, Thread.ofPlatform().name("weft-commit").daemon().factory(), EngineOptions.defaults())) {
            EngineLoad alone = new EngineLoad(engine, 0);
            for (int round = 0; round <= plan.rounds(); round++) {
                double append = alone.syncedWrites(plan.seconds(), true, round);
                double threeAppend = load.syncedWrites(plan.seconds(), true, round);
                double overwrite = alone.syncedWrites(plan.seconds(), false, round);
                double threeOverwrite = load.syncedWrites(plan.seconds(), false, round);
                if (round > 0) {
                    // The first one warms up.
                    report.row(
                            "  %7.0f | %7.0f | %.2f | %7.0f | %7.0f | %.2f",
                            append,
                            threeAppend,
                            appends.add(threeAppend / append),
                            overwrite,
                            threeOverwrite,
                            overwrites.add(threeOverwrite / overwrite));
                }
            }
        }
        report.row("  median of the ratios: %.2f to append, %.2f to overwrite", appends.median(), overwrites.median());
    }
}
