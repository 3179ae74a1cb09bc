package dev.weft.simulation;

import java.util.List;
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

    @Option(
            names = "--world",
            defaultValue = "all",
            description = "What to run each seed on: storage, meta or all (default: ${DEFAULT-VALUE}).")
    private String world = "all";

    @Option(names = "--threads", description = "Seeds at a time (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Prints the result as JSON.")
    private boolean json;

    private final CommandLine command = new CommandLine(this);
    private final ReentrantLock lock = new ReentrantLock();
    private final Coverage coverage = new Coverage();
    private final SortedSet<Long> failures = new TreeSet<>();

    /** Seeds that came to their end and had nothing wrong: what merely did not fail has not passed. */
    private long passed;

    public static void main(String[] args) {
        System.exit(new Simulate().command.execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Scene> scenes = scenes();
        if (seed != null) {
            boolean sound = true;
            for (Scene scene : scenes) {
                sound &= Replay.run(scene, seed);
            }
            return sound ? 0 : 1;
        }
        ROOT.setLevel(Level.OFF);
        long begun = System.nanoTime();
        AtomicLong next = new AtomicLong(from);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                executor.execute(() -> {
                    for (long each = next.getAndIncrement(); each < from + seeds; each = next.getAndIncrement()) {
                        one(scenes, each);
                    }
                });
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.println(json ? toJson(seconds) : toText(seconds));
        return passed == seeds ? 0 : 1;
    }

    private List<Scene> scenes() {
        try {
            return Scene.of(world);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    command, "--world is '" + world + "', must be storage, meta or all");
        }
    }

    private void one(List<Scene> scenes, long each) {
        boolean sound = true;
        for (Scene scene : scenes) {
            sound &= one(scene, each);
        }
        lock.lock();
        try {
            if (sound) {
                passed++;
            } else {
                failures.add(each);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the seed came to its end, with nothing wrong. */
    private boolean one(Scene scene, long each) {
        try {
            Report report = scene.run(each, _ -> {});
            lock.lock();
            try {
                coverage.addAll(report.coverage().counts());
            } finally {
                lock.unlock();
            }
            return true;
        } catch (AssertionError | RuntimeException | LinkageError | OutOfMemoryError e) {
            String why = e.toString().lines().findFirst().orElse("");
            System.out.println(scene.replay(each) + "   # " + why);
            return false;
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
