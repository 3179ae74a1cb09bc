package dev.weft.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs one server until it is told to stop. */
@Command(
        name = "server",
        description = {
            "Runs a server: a cluster manager, the metadata service, a storage service, a key-value store that several servers",
            "share, or all of them but the last."
        },
        footer = {
            "",
            "A configuration file has lines 'key = value' with the names of the options, without '--'.",
            "Options win over the file.",
            "",
            "Example: weft server --role storage --node-id 12 --data /var/weft/12 \\",
            "             --listen tcp://10.0.0.12:7112 --manager tcp://10.0.0.1:7100"
        },
        mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "Reads settings from a file.")
    private @Nullable Path config;

    @Option(names = "--role", paramLabel = "ROLE", description = "manager, meta, storage, kv or all (the default).")
    private @Nullable String role;

    @Option(names = "--node-id", paramLabel = "N", description = "Name of the node in the cluster: a number.")
    private @Nullable String nodeId;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder for all that the server keeps (.weft).")
    private @Nullable String data;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "Where to listen, several separated by commas (tcp://127.0.0.1:7100).")
    private @Nullable String listen;

    @Option(
            names = "--manager",
            paramLabel = "ADDRESS",
            description = "Where the cluster manager listens; where all do, separated by commas, if there are several.")
    private @Nullable String manager;

    @Option(
            names = "--store",
            paramLabel = "ADDRESS",
            description = {
                "Where a server of role kv listens, whose store managers and the metadata service share; where all do,",
                "separated by commas, if they replicate one store."
            })
    private @Nullable String store;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "What a server of role kv holds: rocksdb, or ratis, which replicates the store (rocksdb).")
    private @Nullable String engine;

    @Option(names = "--peer", paramLabel = "ID", description = "This server among the peers of engine ratis.")
    private @Nullable String peer;

    @Option(
            names = "--peers",
            paramLabel = "ID=HOST:PORT",
            description = "Peers of engine ratis, 3 or more, separated by commas, and where they reach each other.")
    private @Nullable String peers;

    @Option(
            names = "--join",
            description = "This peer is the only one in --peers, and waits for 'weft kv peer add' to get the store.")
    private boolean join;

    @Option(names = "--targets", paramLabel = "N", description = "Targets of a storage service (4).")
    private @Nullable String targets;

    @Option(names = "--replicas", paramLabel = "N", description = "Replicas of each chunk, set by the manager (3).")
    private @Nullable String replicas;

    @Option(
            names = "--storage-nodes",
            paramLabel = "N",
            description = "Storage services that the manager waits for before it sets up chains (as many as replicas).")
    private @Nullable String storageNodes;

    @Option(
            names = "--failure-time",
            paramLabel = "TIME",
            description = "After which the manager takes a silent node out of use (6s).")
    private @Nullable String failureTime;

    @Option(
            names = "--record",
            description = "Records every call from the start; without it, once 'weft trace on' says so.")
    private boolean record;

    @Option(names = "--record-folder", paramLabel = "DIR", description = "Where calls are recorded (trace in --data).")
    private @Nullable String recordFolder;

    @Option(names = "--record-limit", paramLabel = "SIZE", description = "Of all records; the oldest go (1GiB).")
    private @Nullable String recordLimit;

    @Option(names = "--parent", hidden = true, description = "Ends when the process with this id does.")
    private long parent;

    @Override
    public Integer call() throws Exception {
        Logs.verbose();
        ServerSettings settings = ServerSettings.of(values());
        settings.values().forEach((key, value) -> System.out.println(key + " = " + value));
        RunningServer server = RunningServer.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        ProcessHandle.of(parent).ifPresent(ServerCommand::endWith);
        System.out.println("ready at " + String.join(", ", server.addresses()));
        // The hook ends it.
        new CountDownLatch(1).await();
        return 0;
    }

    private static void endWith(ProcessHandle process) {
        Thread.ofPlatform().name("weft-parent").daemon().start(() -> {
            process.onExit().join();
            System.exit(0);
        });
    }

    private Map<String, String> values() throws IOException {
        Map<String, String> values = new HashMap<>();
        Path file = config;
        if (file != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            properties.forEach((key, value) -> values.put(key.toString(), value.toString()));
        }
        put(values, "role", role);
        put(values, "node-id", nodeId);
        put(values, "data", data);
        put(values, "listen", listen);
        put(values, "manager", manager);
        put(values, "store", store);
        put(values, "engine", engine);
        put(values, "peer", peer);
        put(values, "peers", peers);
        put(values, "join", join ? "true" : null);
        put(values, "targets", targets);
        put(values, "replicas", replicas);
        put(values, "storage-nodes", storageNodes);
        put(values, "failure-time", failureTime);
        put(values, "record", record ? "true" : null);
        put(values, "record-folder", recordFolder);
        put(values, "record-limit", recordLimit);
        return values;
    }

    private static void put(Map<String, String> values, String key, @Nullable String value) {
        if (value != null) {
            values.put(key, value);
        }
    }
}
