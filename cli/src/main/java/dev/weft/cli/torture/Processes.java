package dev.weft.cli.torture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All servers of the cluster that is tortured, on loopback. They end with this process, however it ends. */
final class Processes implements AutoCloseable {
    /** Ports behind the first one: managers, the store, the metadata service, and storage. */
    private static final int STORE = 10;

    private static final int META = 11;
    private static final int STORAGE = 20;
    private static final int PORTS = 50;

    final List<ServerProcess> managers = new ArrayList<>();
    final List<ServerProcess> storage = new ArrayList<>();
    final ServerProcess meta;

    /** None if there is one manager, which keeps all by itself. */
    final Optional<ServerProcess> store;

    private final TortureOptions options;
    private final Keeper keeper;

    Processes(TortureOptions options) throws IOException {
        this.options = options;
        Path folder = options.folder();
        this.keeper = Keeper.start(
                IntStream.rangeClosed(1, options.storage())
                        .mapToObj(i -> folder.resolve("storage-" + i))
                        .toList(),
                options.diskBytes());
        boolean shared = options.managers() > 1;
        this.store = shared
                ? Optional.of(server("kv", 0, List.of("--role", "kv", "--listen", at(STORE))))
                : Optional.empty();
        for (int i = 1; i <= options.managers(); i++) {
            managers.add(manager(i, shared));
        }
        this.meta = server("meta", 9, member("meta", 9, META));
        for (int i = 1; i <= options.storage(); i++) {
            storage.add(server("storage-" + i, 10 + i, member("storage", 10 + i, STORAGE + i)));
        }
    }

    private ServerProcess manager(int index, boolean shared) {
        List<String> arguments = new ArrayList<>(List.of(
                "--role",
                "manager",
                "--node-id",
                Integer.toString(index),
                "--listen",
                at(index - 1),
                "--failure-time",
                options.failureTime().toString().substring(2),
                "--storage-nodes",
                Integer.toString(options.storage())));
        if (shared) {
            arguments.addAll(List.of("--store", at(STORE), "--manager", address()));
        }
        return server("manager-" + index, index, arguments);
    }

    private List<String> member(String role, int nodeId, int offset) {
        return List.of(
                "--role", role, "--node-id", Integer.toString(nodeId), "--listen", at(offset), "--manager", address());
    }

    private ServerProcess server(String name, int nodeId, List<String> arguments) {
        return new ServerProcess(name, nodeId, options.folder(), arguments, keeper);
    }

    private String at(int offset) {
        return "tcp://127.0.0.1:" + (options.port() + offset);
    }

    /** Where the managers listen, separated by commas. */
    String address() {
        return IntStream.range(0, options.managers()).mapToObj(this::at).collect(Collectors.joining(","));
    }

    /** Whether each storage process has a file system of its own, which can be filled. */
    boolean haveSmallDisks() {
        return keeper.holdsDisks();
    }

    SmallDisk disk(ServerProcess server) {
        return new SmallDisk(keeper.outside(server.data()));
    }

    void start() throws IOException {
        for (ServerProcess server : all()) {
            server.start();
        }
    }

    List<ServerProcess> all() {
        List<ServerProcess> all = new ArrayList<>();
        store.ifPresent(all::add);
        all.addAll(managers);
        all.add(meta);
        all.addAll(storage);
        return all;
    }

    /** The first port from {@code first} on behind which all are free. */
    static int freePort(int first) throws IOException {
        for (int port = first; port < first + 100 * PORTS; port += PORTS) {
            int from = port;
            if (IntStream.range(0, PORTS).noneMatch(offset -> isUsed(from + offset))) {
                return port;
            }
        }
        throw new IOException("no free ports from " + first + " on; --port takes others");
    }

    private static boolean isUsed(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Kills what runs, and gives the file systems back. Thread-safe. */
    @Override
    public void close() {
        all().forEach(ServerProcess::end);
        keeper.close();
    }
}
