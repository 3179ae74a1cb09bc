package dev.weft.cli;

import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.StatusReply;
import dev.weft.rpc.Clock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster on this machine: managers, one metadata service and three storage services, each a process of its own, with
 * all their data below one folder. Several managers share a key-value store in another process, or in several.
 *
 * <p>The processes end with this one, however it ends. For one thread, but for {@link #close}.
 */
final class LocalCluster implements AutoCloseable {
    static final int STORAGE_NODES = 3;

    /** How long a process has to write down what it must, before it is killed. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(100);

    /** Their ports are the next after that of the key-value store. */
    private static final int MANAGERS_MAX = 5;

    private static final int STORE_OFFSET = 2;

    /** Of the second process of a replicated key-value store. */
    private static final int MORE_STORES_OFFSET = 7;

    /** Of the first of the ports by which these reach each other. */
    private static final int PEERS_OFFSET = 14;

    private final int managers;

    /** Processes that hold a key-value store for others: none, one, or the peers of one that is replicated. */
    private final int stores;

    private final Path folder;
    private final Place place;
    private final int port;
    private final Clock clock = Clock.system();
    private final Map<String, Process> processes = new ConcurrentSkipListMap<>();
    private volatile boolean closing;

    /** Whether processes that are started record their calls. */
    private boolean records;

    /** @param port of the manager; the others have the following ones */
    LocalCluster(Path folder, Place place, int port) {
        this(folder, place, port, 1);
    }

    /** As the other one, with several managers. */
    LocalCluster(Path folder, Place place, int port, int managers) {
        this(folder, place, port, managers, managers == 1 ? 0 : 1);
    }

    /**
     * As the others, with processes that hold a key-value store for managers and the metadata service.
     *
     * @param stores 1, or 3 or 5 for a store that is replicated; 0 for none, with one manager
     */
    LocalCluster(Path folder, Place place, int port, int managers, int stores) {
        if (stores > 5 || (stores != 0 && stores % 2 == 0) || stores < (managers > 1 ? 1 : 0)) {
            throw new UsageException(
                    stores + " processes for the key-value store: must be 1, 3 or 5" + (managers > 1 ? "" : ", or 0"));
        }
        this.stores = stores;
        if (managers < 1 || managers > MANAGERS_MAX) {
            throw new UsageException(managers + " managers are not 1 to " + MANAGERS_MAX);
        }
        this.managers = managers;
        this.folder = folder.toAbsolutePath();
        this.place = place;
        this.port = port;
    }

    /** Where the managers listen, separated by commas. */
    String address() {
        return IntStream.rangeClosed(1, managers)
                .mapToObj(index -> listen(managerOffset(index)))
                .collect(Collectors.joining(","));
    }

    private static int managerOffset(int index) {
        return index == 1 ? 0 : STORE_OFFSET + index - 1;
    }

    /** Says whether processes that are started from now on record their calls. */
    void record(boolean value) {
        records = value;
    }

    Path folder() {
        return folder;
    }

    /** How many run, as far as is known. */
    int processes() {
        return processes.size();
    }

    /** Starts all processes; they find each other by themselves. */
    void start() throws IOException {
        requireFreePorts();
        if (stores == 1) {
            start("kv");
        }
        for (int i = 1; stores > 1 && i <= stores; i++) {
            start("kv-" + i);
        }
        if (managers == 1) {
            start("manager");
        }
        for (int i = 1; managers > 1 && i <= managers; i++) {
            start("manager-" + i);
        }
        start("meta");
        for (int i = 1; i <= STORAGE_NODES; i++) {
            start("storage-" + i);
        }
    }

    /** Starts a process by its name. */
    void start(String name) throws IOException {
        Path data = folder.resolve(name);
        Path logs = Files.createDirectories(folder.resolve("logs"));
        Files.createDirectories(data);
        List<String> command = ChildJvm.command();
        command.addAll(List.of(
                "server",
                "--data",
                data.toString(),
                "--parent",
                Long.toString(ProcessHandle.current().pid())));
        command.addAll(options(name));
        if (records) {
            command.add("--record");
        }
        File log = logs.resolve(name + ".log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        processes.put(name, process);
    }

    private List<String> options(String name) {
        if (name.equals("manager")) {
            return withStore(List.of("--role", "manager", "--node-id", "1", "--listen", address()));
        }
        if (name.equals("kv")) {
            return List.of("--role", "kv", "--listen", listen(STORE_OFFSET));
        }
        if (name.equals("meta")) {
            List<String> options =
                    List.of("--role", "meta", "--node-id", "2", "--listen", listen(1), "--manager", address());
            // With one store that is not replicated the metadata keeps one of its own, as it always has.
            return stores > 1 ? withStore(options) : options;
        }
        int index = Integer.parseInt(name.substring(name.indexOf('-') + 1));
        if (name.startsWith("kv-")) {
            return storeOptions(index);
        }
        if (name.startsWith("manager-")) {
            return List.of(
                    "--role",
                    "manager",
                    "--node-id",
                    Integer.toString(index == 1 ? 1 : STORE_OFFSET + index - 1),
                    "--listen",
                    listen(managerOffset(index)),
                    "--store",
                    storeAddress(),
                    "--manager",
                    address());
        }
        return List.of(
                "--role",
                "storage",
                "--node-id",
                Integer.toString(10 + index),
                "--listen",
                listen(10 + index),
                "--manager",
                address());
    }

    private List<String> withStore(List<String> options) {
        return stores == 0
                ? options
                : Stream.concat(options.stream(), Stream.of("--store", storeAddress()))
                        .toList();
    }

    private List<String> storeOptions(int index) {
        String peers = IntStream.rangeClosed(1, stores)
                .mapToObj(i -> i + "=127.0.0.1:" + (port + PEERS_OFFSET + i - 1))
                .collect(Collectors.joining(","));
        String id = Integer.toString(index);
        return List.of(
                "--role",
                "kv",
                "--listen",
                listen(storeOffset(index)),
                "--engine",
                "ratis",
                "--peer",
                id,
                "--peers",
                peers);
    }

    private static int storeOffset(int index) {
        return index == 1 ? STORE_OFFSET : MORE_STORES_OFFSET + index - 2;
    }

    /** Where the processes with the key-value store listen, separated by commas. */
    String storeAddress() {
        return IntStream.rangeClosed(1, stores)
                .mapToObj(index -> listen(storeOffset(index)))
                .collect(Collectors.joining(","));
    }

    private String listen(int offset) {
        return place.address(port + offset);
    }

    /** The first port from {@code first} on with which a cluster finds all its ports free. */
    static int freePort(Place place, int first) throws IOException {
        for (int port = first; port < first + 2000; port += 20) {
            if (usedPort(place, port, MANAGERS_MAX, 5).isEmpty()) {
                return port;
            }
        }
        throw new IOException("no free ports from " + first + " on; --port takes others");
    }

    private void requireFreePorts() throws IOException {
        OptionalInt used = usedPort(place, port, managers, stores);
        if (used.isPresent()) {
            throw new IOException(
                    "port " + used.getAsInt() + " is in use; is a cluster running already? --port takes other ports");
        }
    }

    /** The first port of a cluster at {@code port} that somebody listens on. */
    private static OptionalInt usedPort(Place place, int port, int managers, int stores) {
        IntStream storage = IntStream.rangeClosed(1, STORAGE_NODES).map(index -> port + 10 + index);
        IntStream first = IntStream.rangeClosed(0, managers == 1 ? 1 : STORE_OFFSET + managers - 1)
                .map(offset -> port + offset);
        IntStream more = IntStream.rangeClosed(1, stores).map(index -> port + storeOffset(index));
        IntStream peers = IntStream.range(0, stores).map(index -> port + PEERS_OFFSET + index);
        return Stream.of(first, more, storage, peers)
                .flatMapToInt(ports -> ports)
                .filter(place::isUsed)
                .findFirst();
    }

    /**
     * Waits until the cluster is as wished.
     *
     * @throws IOException if a process ends meanwhile, or it takes too long
     */
    StatusReply await(String wish, Duration patience, Predicate<StatusReply> condition)
            throws IOException, InterruptedException {
        long deadline = clock.nanoTime() + patience.toNanos();
        String last = "the manager does not answer";
        while (deadline - clock.nanoTime() > 0) {
            requireAlive();
            try (ClusterConnection connection = ClusterConnection.open(address())) {
                while (deadline - clock.nanoTime() > 0) {
                    requireAlive();
                    StatusReply status = connection.status();
                    if (condition.test(status)) {
                        return status;
                    }
                    last = ClusterCommand.StatusText.of(status);
                    clock.sleep(POLL);
                }
            } catch (NoClusterException e) {
                clock.sleep(POLL);
            }
        }
        throw new IOException("the cluster is not " + wish + " after " + patience.toSeconds() + " s; logs are in "
                + folder.resolve("logs") + "\n" + last);
    }

    /** Waits until every chain is whole and the metadata service is up. */
    StatusReply awaitWhole(Duration patience) throws IOException, InterruptedException {
        return await(
                "whole",
                patience,
                status -> ClusterCommand.isWhole(status)
                        && status.routing().nodes().stream()
                                .anyMatch(node -> node.role() == NodeRole.META && node.alive()));
    }

    private void requireAlive() throws IOException {
        for (Map.Entry<String, Process> entry : processes.entrySet()) {
            if (!entry.getValue().isAlive()) {
                Path log = folder.resolve("logs").resolve(entry.getKey() + ".log");
                throw new IOException(entry.getKey() + " ended with code "
                        + entry.getValue().exitValue() + "; the end of " + log + ":\n" + tail(log));
            }
        }
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    }

    /** Ends a process as a crash does; it may be started again by its name. */
    void kill(String name) throws InterruptedException {
        Process process = processes.remove(name);
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    long pid(String name) {
        Process process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException("no process " + name);
        }
        return process.pid();
    }

    /** Waits until one of the processes ends by itself, and names it; empty once the cluster is being closed. */
    Optional<String> awaitEnd() throws InterruptedException {
        while (true) {
            for (Map.Entry<String, Process> entry : processes.entrySet()) {
                if (entry.getValue().waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return closing ? Optional.empty() : Optional.of(entry.getKey());
                }
            }
        }
    }

    /** Ends all processes, first by asking; returns when none is left. */
    @Override
    public void close() {
        closing = true;
        List<Process> all = new ArrayList<>(processes.values());
        // Storage before the manager, so that nobody looks for others that are gone.
        for (Process process : all.reversed()) {
            process.destroy();
        }
        long deadline = clock.nanoTime() + STOP_PATIENCE.toNanos();
        boolean interrupted = false;
        for (Process process : all) {
            try {
                long left = Math.max(0, deadline - clock.nanoTime());
                if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                process.destroyForcibly();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
