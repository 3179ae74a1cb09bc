package dev.weft.cli;

import com.google.errorprone.annotations.FormatMethod;
import dev.weft.client.ReplicaChoice;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.rpc.TaskFailedException;
import dev.weft.rpc.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** The steps of the demonstration. For one thread. */
final class DemoRun {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration REPAIR_PATIENCE = Duration.ofSeconds(90);
    private static final long SMALL_ENOUGH_TO_READ_OFTEN = 16 << 20;
    private static final int REPLICAS = LocalCluster.STORAGE_NODES;

    private final LocalCluster cluster;
    private final long seed;
    private final SeededTree.Scale scale;
    private final int rounds;
    private final boolean oneSided;
    private final Environment environment = Environment.system();
    private final Clock clock = environment.clock();
    private final Timings timings = new Timings();
    private final Timings.Row chunkWrites = timings.row("write chunk to three replicas");
    private final Timings.Row chunkReads = timings.row("read from one replica");
    private final long startNanos = clock.nanoTime();

    /**
     * @param rounds how often a storage process is killed, another one each time
     * @param oneSided whether to show what the transport did one-sided
     */
    DemoRun(LocalCluster cluster, long seed, SeededTree.Scale scale, int rounds, boolean oneSided) {
        this.cluster = cluster;
        this.seed = seed;
        this.scale = scale;
        this.rounds = rounds;
        this.oneSided = oneSided;
    }

    void run() throws IOException, InterruptedException {
        cluster.start();
        cluster.awaitWhole(START_PATIENCE);
        say(
                "%d processes are up, all chains are whole; logs are in %s",
                cluster.processes(), cluster.folder().resolve("logs"));
        try (ClusterConnection connection = ClusterConnection.open(cluster.address())) {
            WeftFileSystem fs =
                    connection.fileSystem(service -> new TimedStorage(service, clock, chunkWrites, chunkReads));
            DemoFiles files = new DemoFiles(fs, environment, timings);
            List<SeededTree.Item> tree = SeededTree.of(seed, scale, "/demo");
            OneSidedShare share = new OneSidedShare(connection);
            store(files, tree);
            share.after("storing, in three replicas", REPLICAS * bytes(tree));
            readEveryReplica(files, tree);
            share.after("reading, from each replica", REPLICAS * bytes(tree));
            for (int round = 0; round < rounds; round++) {
                failAndRepair(files, tree, round);
            }
            share.total("since the start, in what still runs");
            if (oneSided) {
                System.out.println();
                System.out.print(share);
            }
        }
        System.out.println();
        System.out.print(ClusterCommand.StatusText.of(cluster.await("there", START_PATIENCE, ClusterCommand::isWhole)));
        System.out.println();
        System.out.print(timings);
        System.out.println();
        say("done");
    }

    private void store(DemoFiles files, List<SeededTree.Item> tree) throws IOException, InterruptedException {
        long bytes = bytes(tree);
        long nanos = files.write(tree);
        chunkWrites.addWall(nanos, bytes);
        say(
                "stored %d files, %s, from 0 B to %s: %s",
                tree.size(),
                Sizes.text(bytes),
                Sizes.text(
                        tree.stream().mapToLong(SeededTree.Item::length).max().orElse(0)),
                Sizes.rate(bytes, nanos));
    }

    private void readEveryReplica(DemoFiles files, List<SeededTree.Item> tree)
            throws IOException, InterruptedException {
        for (int position = 0; position < REPLICAS; position++) {
            long nanos = files.verify(tree, new ReplicaChoice.Position(position));
            chunkReads.addWall(nanos, bytes(tree));
            say(
                    "read all of it from replica %d of every chain, checksums are right: %s",
                    position + 1, Sizes.rate(bytes(tree), nanos));
        }
    }

    private void failAndRepair(DemoFiles files, List<SeededTree.Item> tree, int round)
            throws IOException, InterruptedException {
        String victim = "storage-" + ((round + 1) % LocalCluster.STORAGE_NODES + 1);
        long roundSeed = seed + 10L * (round + 1);
        SeededTree.Item during =
                new SeededTree.Item("/demo", "/demo/during-failure-" + round, scale.longWrite, roundSeed);
        List<SeededTree.Item> more = new ArrayList<>(SeededTree.of(roundSeed + 1, scale, "/degraded-" + round));
        more.removeIf(item -> item.length() > 4 << 20);
        List<SeededTree.Item> old = tree.stream()
                .filter(item -> item.length() <= SMALL_ENOUGH_TO_READ_OFTEN)
                .toList();
        writeThroughFailure(files, victim, during, old);
        workDegraded(files, old, more, during);
        repair(files, victim, more, during);
    }

    /** Kills a storage process in the middle of a file; the write must come to its end by itself. */
    private void writeThroughFailure(DemoFiles files, String victim, SeededTree.Item item, List<SeededTree.Item> old)
            throws IOException, InterruptedException {
        AtomicLong written = new AtomicLong();
        long start = clock.nanoTime();
        try (TaskScope scope = TaskScope.open(environment)) {
            scope.fork(() -> {
                files.write(item, written);
                return item;
            });
            while (written.get() < item.length() / 4 && !scope.isCancelled()) {
                clock.sleep(Duration.ofMillis(1));
            }
            long pid = cluster.pid(victim);
            cluster.kill(victim);
            say(
                    "killed %s (pid %d) with SIGKILL after %s of %s",
                    victim, pid, Sizes.text(written.get()), Sizes.text(item.length()));
            long nanos = files.verify(old, new ReplicaChoice.Any());
            say("read %d files meanwhile, in %.1f s, checksums are right", old.size(), nanos / 1e9);
            scope.join();
        } catch (TaskFailedException e) {
            throw new IOException("the write did not survive: " + e.getMessage(), e);
        }
        say(
                "the write came through: %s in %.1f s, the time to notice the failure included",
                Sizes.text(item.length()), (clock.nanoTime() - start) / 1e9);
    }

    private void workDegraded(
            DemoFiles files, List<SeededTree.Item> old, List<SeededTree.Item> more, SeededTree.Item during)
            throws IOException, InterruptedException {
        files.write(more);
        List<SeededTree.Item> all = new ArrayList<>(more);
        all.add(during);
        all.addAll(old);
        files.verify(all, new ReplicaChoice.Any());
        say("with two replicas: wrote %d more files, read %d files, checksums are right", more.size(), all.size());
    }

    private void repair(DemoFiles files, String victim, List<SeededTree.Item> more, SeededTree.Item during)
            throws IOException, InterruptedException {
        long start = clock.nanoTime();
        cluster.start(victim);
        cluster.awaitWhole(REPAIR_PATIENCE);
        say("started %s again; all chains are whole after %.1f s", victim, (clock.nanoTime() - start) / 1e9);
        List<SeededTree.Item> items = new ArrayList<>(more);
        items.add(during);
        // The client learns of the new chains a moment later.
        for (int position = 0; position < REPLICAS; position++) {
            files.verify(items, new ReplicaChoice.Position(position));
        }
        say("what was written without it is on every replica, checksums are right");
    }

    private static long bytes(List<SeededTree.Item> items) {
        return items.stream().mapToLong(SeededTree.Item::length).sum();
    }

    @FormatMethod
    private void say(String format, Object... arguments) {
        double seconds = (clock.nanoTime() - startNanos) / 1e9;
        System.out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, String.format(Locale.ROOT, format, arguments));
    }
}
