package dev.weft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the file system does when a node fails. */
@Command(
        name = "demo",
        description = {
            "Shows replication at work: starts a cluster, stores a tree of files, reads it from every replica, kills a storage",
            "process during a write, goes on, starts it again and waits until all is whole. Over RDMA it also shows which",
            "bytes travelled one-sided."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for the cluster's data; it must not exist (a temporary one).")
    private @Nullable Path data;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Seed of all files (42).")
    private long seed = 42;

    @Option(names = "--port", paramLabel = "N", description = "Port of the manager (free ones from 7400 on).")
    private @Nullable Integer port;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often a storage process is killed, another one each time (1).")
    private int rounds = 1;

    @Option(
            names = "--kv",
            paramLabel = "N",
            defaultValue = "0",
            description = "Processes that replicate the key-value store: 3 or 5; 0 for stores of their own (0).")
    private int stores;

    @Option(names = "--small", description = "Stores 36 MiB instead of more than 1 GiB, for slow and small machines.")
    private boolean small;

    @Mixin
    private TransportOption transport = new TransportOption();

    @Option(names = "--keep", description = "Keeps the data.")
    private boolean keep;

    @Override
    public Integer call() throws Exception {
        if (rounds < 0 || rounds > 1000) {
            throw new UsageException("rounds of " + rounds + " is not in 0..1000");
        }
        Place place = transport.place();
        Path given = data;
        if (given != null && Files.exists(given)) {
            throw new UsageException(given + " exists already; the demo wants a folder of its own");
        }
        Path folder = given == null ? Files.createTempDirectory("weft-demo-") : Files.createDirectories(given);
        boolean done = false;
        try (LocalCluster cluster = new LocalCluster(folder, place, given(port, place), 1, stores)) {
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            SeededTree.Scale scale = small ? SeededTree.Scale.SMALL : SeededTree.Scale.FULL;
            new DemoRun(cluster, seed, scale, rounds, transport.isRdma()).run();
            done = true;
        } finally {
            if (!keep && done) {
                remove(folder);
            } else {
                System.out.println("data and logs are kept in " + folder);
            }
        }
        System.out.println("no process is left behind");
        return 0;
    }

    private static int given(@Nullable Integer port, Place place) throws IOException {
        return port == null ? LocalCluster.freePort(place, 7400) : port;
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("weft: cannot remove " + folder + ": " + e.getMessage());
        }
    }
}
