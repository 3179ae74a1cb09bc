package dev.weft.bench.fs;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.MetaServiceRpc;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.StorageServiceRpc;
import dev.weft.client.ChunkClient;
import dev.weft.client.FileSystemConfig;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code weft up} in a process of its own, and a client of it. */
public final class BenchCluster implements AutoCloseable {
    /** Tried one after the other, as another measurement may run. */
    private static final int FIRST_PORT = 7500;

    private static final int PORTS_OF_A_CLUSTER = 20;
    private static final Duration START = Duration.ofSeconds(60);

    private final Process up;
    private final RpcClient client = RpcClient.create();
    private final RoutingFollower follower;

    /** Starts it, with all data below a folder, and waits until it is whole. */
    public BenchCluster(Path data) throws IOException, InterruptedException {
        int port = freePort();
        this.up = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.weft.cli.Weft",
                        "up",
                        "--data",
                        data.toString(),
                        "--port",
                        String.valueOf(port))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ClusterManager manager = client.stub(ClusterManagerRpc.SERVICE, "tcp://127.0.0.1:" + port);
        this.follower = new RoutingFollower(manager, Environment.system());
        follower.start();
        long deadline = System.nanoTime() + START.toNanos();
        Routing routing = follower.awaitNewerThan(0, START);
        while (!isWhole(routing)) {
            if (System.nanoTime() - deadline > 0) {
                close();
                throw new IOException("the cluster is not up after " + START);
            }
            routing = follower.awaitNewerThan(routing.version(), Duration.ofMillis(500));
        }
    }

    private static int freePort() throws IOException {
        for (int port = FIRST_PORT; port < FIRST_PORT + 100 * PORTS_OF_A_CLUSTER; port += PORTS_OF_A_CLUSTER) {
            try (ServerSocket manager = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    ServerSocket storage = new ServerSocket(port + 11, 1, InetAddress.getLoopbackAddress())) {
                return manager.isBound() && storage.isBound() ? port : -1;
            } catch (BindException e) {
                // Taken: the next ones.
            }
        }
        throw new IOException("no free ports from " + FIRST_PORT + " on");
    }

    private static boolean isWhole(Routing routing) {
        return !meta(routing).isEmpty()
                && !routing.info().chains().isEmpty()
                && routing.info().chains().stream()
                        .allMatch(chain ->
                                chain.targets().stream().allMatch(target -> target.state() == PublicState.SERVING));
    }

    private static List<String> meta(Routing routing) {
        return routing.info().nodes().stream()
                .filter(node -> node.role() == NodeRole.META && node.alive())
                .map(NodeInfo::addresses)
                .flatMap(List::stream)
                .toList();
    }

    /** Any of its chains. */
    public int anyChain() {
        return follower.current().info().chains().getFirst().chainId();
    }

    /** A client of single chunks. */
    public ChunkClient chunks() {
        return new ChunkClient(
                FileSystemConfig.defaults(), Environment.system(), BufferPool.shared(), follower, this::storage);
    }

    private StorageService storage(NodeInfo node) {
        return client.stub(StorageServiceRpc.SERVICE, node.addresses().toArray(String[]::new));
    }

    /** A client of files. */
    public WeftFileSystem files() {
        return files(client);
    }

    /** A client of files with connections to the metadata service of its own. */
    public WeftFileSystem files(RpcClient connection) {
        return new WeftFileSystem(
                FileSystemConfig.defaults(),
                Environment.system(),
                BufferPool.shared(),
                connection.stub(MetaServiceRpc.SERVICE, meta(follower.current()).toArray(String[]::new)),
                follower,
                this::storage);
    }

    /** Resident memory of the processes that {@code up} has started, in MiB, by process. */
    public List<Long> residentMebibytes() throws IOException {
        try (Stream<ProcessHandle> servers = up.descendants()) {
            return servers.map(ProcessHandle::pid)
                    .map(BenchCluster::residentMebibytes)
                    .toList();
        }
    }

    private static long residentMebibytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        client.close();
        follower.close();
        up.destroy();
        try {
            if (!up.waitFor(30, TimeUnit.SECONDS)) {
                up.descendants().forEach(ProcessHandle::destroyForcibly);
                up.destroyForcibly();
            }
        } catch (InterruptedException e) {
            up.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
