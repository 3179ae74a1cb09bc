package dev.weft.simulation;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs seeds, as many at a time as there are processors, and says what they exercised. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Runs a whole cluster under faults, once for each seed, and checks what its clients saw.")
final class Simulate implements Callable<Integer> {
    /** Kept, as the logging library itself does not. */
    private static final Logger ROOT = Logger.getLogger("");

    @Option(names = "--seeds", defaultValue = "100", description = "How many seeds (default: ${DEFAULT-VALUE}).")
    private long seeds;

    @Option(names = "--from", defaultValue = "1", description = "The first seed (default: ${DEFAULT-VALUE}).")
    private long from;

    @Option(names = "--seed", description = "Runs this seed only, and prints its trace.")
    private @Nullable Long seed;

    @Option(names = "--threads", description = "Seeds at a time (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Prints the result as JSON.")
    private boolean json;

    private final ReentrantLock lock = new ReentrantLock();
    private final Coverage coverage = new Coverage();
    private final SortedSet<Long> failures = new TreeSet<>();

    /** Seeds that came to their end and had nothing wrong: what merely did not fail has not passed. */
    private long passed;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Simulate()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (seed != null) {
            return Replay.run(seed) ? 0 : 1;
        }
        ROOT.setLevel(Level.OFF);
        long begun = System.nanoTime();
        AtomicLong next = new AtomicLong(from);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                executor.execute(() -> {
                    for (long each = next.getAndIncrement(); each < from + seeds; each = next.getAndIncrement()) {
                        one(each);
                    }
                });
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.println(json ? toJson(seconds) : toText(seconds));
        return passed == seeds ? 0 : 1;
    }

    private void one(long each) {
        try {
            SeedRun.Report report = SeedRun.run(each, Parts.AS_THEY_ARE);
            lock.lock();
            try {
                coverage.addAll(report.coverage().counts());
                passed++;
            } finally {
                lock.unlock();
            }
        } catch (AssertionError | RuntimeException | LinkageError | OutOfMemoryError e) {
            lock.lock();
            try {
                failures.add(each);
                System.out.println("./weft simulate --seed " + each + "   # "
                        + e.toString().lines().findFirst().orElse(""));
            } finally {
                lock.unlock();
            }
        }
    }

    private String toText(double seconds) {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, Long> count : coverage.counts().entrySet()) {
            out.append(String.format("%,12d  %s%n", count.getValue(), count.getKey()));
        }
        return out
                + String.format(
                        "%d of %d seeds passed, %d failed, %.1f seeds/s",
                        passed, seeds, failures.size(), passed / seconds);
    }

    private String toJson(double seconds) {
        StringBuilder counts = new StringBuilder();
        coverage.counts()
                .forEach((name, count) -> counts.append(counts.isEmpty() ? "" : ",")
                        .append('"')
                        .append(name)
                        .append("\":")
                        .append(count));
        return String.format(
                "{\"seeds\":%d,\"passed\":%d,\"failed\":%s,\"seedsPerSecond\":%.2f,\"counts\":{%s}}",
                seeds, passed, failures, passed / seconds, counts);
    }
}
