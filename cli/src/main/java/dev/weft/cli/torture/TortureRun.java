package dev.weft.cli.torture;

import dev.weft.api.cluster.StatusReply;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One run, from the start of the processes to the report. For one thread, but for {@link #close}. */
final class TortureRun implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(90);
    private static final Duration WHOLE_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PROGRESS = Duration.ofSeconds(5);

    /** Of one attempt; the cluster has to notice a failure first, and then clients ask again. */
    private static final int CALL_FAILURE_TIMES = 1;

    /** After which an operation is given up, and its outcome in doubt. */
    private static final int PATIENCE_FAILURE_TIMES = 10;

    private final TortureOptions options;
    private final Consumer<String> out;
    private final Clock clock = Environment.system().clock();
    private final long startNanos = clock.nanoTime();
    private final Processes processes;
    private final Ledger ledger = new Ledger(wrong -> say("WRONG: " + wrong));
    private final Blocks blocks;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final List<Worker> workers = new ArrayList<>();

    /** @param out takes lines while it runs */
    TortureRun(TortureOptions options, Consumer<String> out) throws IOException {
        this.options = options;
        this.out = out;
        this.blocks = new Blocks(options.seed());
        this.processes = new Processes(options);
    }

    private void say(String text) {
        out.accept(String.format(Locale.ROOT, "%6.1f s  %s", (clock.nanoTime() - startNanos) / 1e9, text));
    }

    /** What cannot be done on this machine, for people. */
    List<String> limits() {
        return processes.haveSmallDisks()
                ? List.of()
                : List.of(
                        "no file systems of our own can be made here: for a full disk, storage processes refuse new chunks");
    }

    Report run() throws IOException, InterruptedException {
        processes.start();
        try (ClusterView view = new ClusterView(
                processes.address(),
                options.failureTime().multipliedBy(CALL_FAILURE_TIMES),
                options.failureTime().multipliedBy(PATIENCE_FAILURE_TIMES))) {
            WeftFileSystem files = awaitStart(view);
            Pulse pulse = new Pulse(view);
            Thread pulseThread = start(view, pulse);
            Faults faults = new Faults(options, processes, view, pulse, ledger, blocks, this::say);
            Thread progress = start(view, () -> showProgress(faults, pulse));
            List<Thread> threads = startWorkers(view, files);
            Map<String, Tally.Summary> work;
            Duration wholeAfter;
            try {
                faults.run(clock.nanoTime() + options.duration().toNanos());
                work = summaries();
                say("no more faults");
                wholeAfter = awaitWhole(pulse);
                clock.sleep(Duration.ofSeconds(1));
            } finally {
                progress.interrupt();
                workers.forEach(Worker::stop);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            new FinalChecks(view, files, processes, ledger, this::say).run();
            pulseThread.interrupt();
            return new Report(
                    options.seed(),
                    work,
                    faults.counts(),
                    wholeAfter,
                    WHOLE_LIMIT,
                    recoveredBytes(pulse),
                    pulse.filling(),
                    ledger.wrongs(),
                    ledger.firstWrongs());
        }
    }

    private static long recoveredBytes(Pulse pulse) {
        return pulse.counters().getOrDefault("storage.recovered-bytes", 0L);
    }

    private static Thread start(ClusterView view, Runnable task) {
        Thread thread = view.environment().threads().newThread(task);
        thread.start();
        return thread;
    }

    private WeftFileSystem awaitStart(ClusterView view) throws IOException, InterruptedException {
        long deadline = clock.nanoTime() + START_PATIENCE.toNanos();
        while (deadline - clock.nanoTime() > 0) {
            requireAlive();
            Optional<StatusReply> status = view.status();
            Optional<WeftFileSystem> files = view.files();
            if (files.isPresent()
                    && status.isPresent()
                    && ClusterView.isWhole(status.get().routing().chains())) {
                files.get().mkdir(FileWorker.FOLDER, true);
                say(String.format(
                        "%d processes are up, all %d chains are whole; logs are in %s",
                        processes.all().size(),
                        status.get().routing().chains().size(),
                        options.folder().resolve("logs")));
                return files.get();
            }
            clock.sleep(POLL);
        }
        throw new IOException(
                "the cluster does not come up; logs are in " + options.folder().resolve("logs"));
    }

    private void requireAlive() throws IOException {
        for (ServerProcess server : processes.all()) {
            Integer code = server.unexpectedExit();
            if (code != null) {
                throw new IOException(server.name() + " ended with code " + code + "; see " + server.log());
            }
        }
    }

    private List<Thread> startWorkers(ClusterView view, WeftFileSystem files) {
        SplittableRandom seeds = new SplittableRandom(options.seed());
        Tally chunkWrites = tally("chunk writes", options.writers());
        Tally fileWrites = tally("file writes", options.writers());
        for (int i = 0; i < options.writers(); i++) {
            workers.add(new ChunkWriter(i, seeds.nextLong(), view, ledger, blocks, chunkWrites));
            workers.add(new FileWorker(i, seeds.nextLong(), view, files, ledger, blocks, fileWrites));
        }
        Tally chunkReads = tally("chunk reads", options.readers());
        Tally fileReads = tally("file reads", options.readers());
        for (int i = 0; i < options.readers(); i++) {
            workers.add(new ChunkReads(i, seeds.nextLong(), view, ledger, chunkReads));
            workers.add(new FileReads(i, seeds.nextLong(), files, ledger, fileReads, clock));
        }
        return workers.stream().map(worker -> start(view, worker)).toList();
    }

    private Tally tally(String name, int count) {
        Tally tally = new Tally(count, clock);
        tallies.put(name, tally);
        return tally;
    }

    private Map<String, Tally.Summary> summaries() {
        Map<String, Tally.Summary> all = new LinkedHashMap<>();
        tallies.forEach((name, tally) -> all.put(name, tally.summary()));
        return all;
    }

    /** Returns after how long every chain was whole; negative if that took too long. */
    private Duration awaitWhole(Pulse pulse) throws InterruptedException {
        long from = clock.nanoTime();
        while (clock.nanoTime() - from < WHOLE_LIMIT.toNanos()) {
            if (pulse.lookedNanos() - from > 0 && ClusterView.isWhole(pulse.chains())) {
                Duration after = Duration.ofNanos(pulse.lookedNanos() - from);
                say(String.format(
                        Locale.ROOT, "every chain is whole %.1f s after the last fault", after.toNanos() / 1e9));
                return after;
            }
            clock.sleep(POLL);
        }
        ledger.wrong("chains are not whole " + WHOLE_LIMIT.toSeconds() + " s after the last fault: "
                + pulse.chains().stream()
                        .filter(chain -> !ClusterView.isWhole(chain))
                        .toList());
        return Duration.ofNanos(-1);
    }

    private void showProgress(Faults faults, Pulse pulse) {
        try {
            while (true) {
                clock.sleep(PROGRESS);
                noticeExits();
                long whole =
                        pulse.chains().stream().filter(ClusterView::isWhole).count();
                StringBuilder line = new StringBuilder();
                line.append(faults.total()).append(" faults");
                summaries()
                        .forEach((name, each) -> line.append(", ")
                                .append(each.succeeded())
                                .append(' ')
                                .append(name)
                                .append(each.failed() == 0 ? "" : " (" + each.failed() + " failed)"));
                line.append(", ")
                        .append(whole)
                        .append(" of ")
                        .append(pulse.chains().size())
                        .append(" chains whole");
                say(line.toString());
            }
        } catch (InterruptedException e) {
            // Only the end of the run interrupts this thread.
            Thread.currentThread().interrupt();
        }
    }

    /** A server that ends by itself is as wrong as a wrong byte. */
    private void noticeExits() {
        for (ServerProcess server : processes.all()) {
            Integer code = server.unexpectedExit();
            if (code != null) {
                ledger.wrong(server.name() + " ended by itself with code " + code + "; see " + server.log());
            }
        }
    }

    /** Ends all processes. */
    @Override
    public void close() {
        processes.close();
    }
}
