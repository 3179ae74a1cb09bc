package dev.weft.cli;

import dev.weft.api.cluster.StatusReply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a whole cluster on this machine. */
@Command(
        name = "up",
        description = {
            "Runs a cluster on this machine until ^C: managers, a metadata service and three storage services.",
            "Started again on the same folder, it has the data."
        },
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", defaultValue = ".weft", description = "Folder for all data (.weft).")
    private Path data = Path.of(".weft");

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7100",
            description = "Port of the manager; the others have ports up to N+18 (7100).")
    private int port = 7100;

    @Option(
            names = "--managers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Managers, 1 to 5; several share a key-value store in one more process (1).")
    private int managers = 1;

    @Option(
            names = "--kv",
            paramLabel = "N",
            description = {
                "Processes that hold the key-value store: 1 for the managers' (the default with several), 3 or 5 that",
                "replicate the managers' and the metadata's; 0 if the one manager keeps its own (the default with one)."
            })
    private @Nullable Integer stores;

    @Option(
            names = "--record",
            description = "Records every call of all processes, each in its folder below --data; see 'weft trace'.")
    private boolean record;

    @Mixin
    private TransportOption transport = new TransportOption();

    private LocalCluster cluster() throws IOException {
        Integer given = stores;
        return given == null
                ? new LocalCluster(data, transport.place(), port, managers)
                : new LocalCluster(data, transport.place(), port, managers, given);
    }

    @Override
    public Integer call() throws Exception {
        if (port < 1 || port > 65_000) {
            throw new UsageException("port " + port + " is not in 1..65000");
        }
        try (LocalCluster cluster = cluster()) {
            Thread stop = new Thread(cluster::close);
            Runtime.getRuntime().addShutdownHook(stop);
            cluster.record(record);
            cluster.start();
            System.out.println("starting a cluster in " + cluster.folder() + " ...");
            StatusReply status = cluster.awaitWhole(Duration.ofSeconds(60));
            System.out.print(ClusterCommand.StatusText.of(status));
            System.out.println("\nready: weft fs ls /"
                    + (cluster.address().equals(ClusterOption.DEFAULT) ? "" : " --cluster " + cluster.address())
                    + "    (^C stops)");
            Optional<String> ended = cluster.awaitEnd();
            if (ended.isEmpty()) {
                return 0;
            }
            System.err.println("weft: " + ended.get() + " has ended, so the cluster stops; see "
                    + cluster.folder().resolve("logs").resolve(ended.get() + ".log"));
            return Failures.FAILED;
        }
    }
}
