package dev.weft.bench.storage;

import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.EngineOptions;
import dev.weft.storage.engine.FileChunkEngine;
import dev.weft.storage.engine.FileDisk;
import java.io.IOException;
import java.nio.file.Path;

/** The engine alone, beside fio on the engine's data file. */
final class EngineRounds {
    private static final int[] SIZES = {4 << 10, 64 << 10, 512 << 10};

    private final StorageBench.Plan plan;
    private final Report report;

    EngineRounds(StorageBench.Plan plan, Report report) {
        this.plan = plan;
        this.report = report;
    }

    void run() throws IOException, InterruptedException {
        Path folder = plan.directory().resolve("engine");
        try (FileDisk disk = FileDisk.open(folder);
                ChunkEngine engine = new FileChunkEngine(
                        disk, Thread.ofPlatform().name("weft-commit").daemon().factory(), EngineOptions.defaults())) {
            report.row(
                    "the engine reads by %s; %d GiB in chunks of 1 MiB; %d reads at a time%n",
                    disk.readMethod(), plan.gibibytes(), plan.depth());
            EngineLoad load = new EngineLoad(engine, plan.mebibytes());
            System.err.println("filling " + plan.gibibytes() + " GiB");
            load.fill();
            for (int bytes : SIZES) {
                load.randomReads(bytes, plan.depth(), Math.min(3, plan.seconds()));
            }
            for (int bytes : SIZES) {
                reads(load, folder.resolve("extents-1024k"), bytes);
            }
            writes(load);
        }
    }

    private void reads(EngineLoad load, Path data, int bytes) throws IOException, InterruptedException {
        String name = "random reads of " + (bytes >> 10) + " KiB";
        System.err.println(name);
        report.line(name + ":  reads/s and MB/s of fio | of the engine | ratio");
        Report.Ratios ratios = new Report.Ratios();
        for (int round = 1; round <= plan.rounds(); round++) {
            double engine = round % 2 == 0 ? load.randomReads(bytes, plan.depth(), plan.seconds()) : 0;
            double fio = Fio.randomReads(data.toString(), bytes, plan.depth(), plan.seconds());
            if (engine == 0) {
                engine = load.randomReads(bytes, plan.depth(), plan.seconds());
            }
            double ratio = ratios.add(engine / fio);
            report.row(
                    "  %8.0f %7.0f | %8.0f %7.0f | %.2f", fio, fio * bytes / 1e6, engine, engine * bytes / 1e6, ratio);
        }
        report.row("  median of the ratios: %.2f%n", ratios.median());
    }

    private void writes(EngineLoad load) throws IOException, InterruptedException {
        System.err.println("synced writes of 4 KiB");
        report.line(
                "synced writes of 4 KiB, median in us:  fio | the engine appends | the engine overwrites in 64 KiB");
        Report.Ratios appends = new Report.Ratios();
        Report.Ratios overwrites = new Report.Ratios();
        Path file = plan.directory().resolve("fio");
        for (int round = 1; round <= plan.rounds(); round++) {
            double fio = Fio.syncedWrite(file, plan.seconds());
            double append = load.syncedWrites(plan.seconds(), true, round);
            double overwrite = load.syncedWrites(plan.seconds(), false, round);
            appends.add(append / fio);
            overwrites.add(overwrite / fio);
            report.row("  %7.0f | %7.0f | %7.0f", fio, append, overwrite);
        }
        report.row(
                "  median of the ratios: %.2f to append, %.2f to overwrite%n", appends.median(), overwrites.median());
    }
}
