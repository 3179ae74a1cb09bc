package dev.weft.cli;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.NodeService;
import dev.weft.api.cluster.NodeServiceRpc;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.MetaServiceRpc;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.StorageServiceRpc;
import dev.weft.client.FileSystemConfig;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A cluster as a command uses it. */
final class ClusterConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClusterConnection.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String address;
    private final RpcClient client = Clients.create();
    private final Environment environment = Environment.system();
    private final ClusterManager manager;
    private final RoutingFollower follower;

    private ClusterConnection(String address) {
        this.address = address;
        this.manager = client.stub(ClusterManagerRpc.SERVICE, address);
        this.follower = new RoutingFollower(manager, environment);
    }

    /** @throws NoClusterException if nobody answers there */
    static ClusterConnection open(String address) throws NoClusterException, InterruptedException {
        ClusterConnection connection = new ClusterConnection(address);
        try {
            connection.status();
            connection.follower.start();
            return connection;
        } catch (NoClusterException e) {
            connection.client.close();
            throw e;
        }
    }

    StatusReply status() throws NoClusterException {
        try {
            return Context.current().withTimeout(PATIENCE, environment.clock()).call(manager::status);
        } catch (RpcException e) {
            throw new NoClusterException("the cluster manager does not answer: " + e.getMessage(), address, e);
        }
    }

    /**
     * Counters of the transports of this process and of all servers that answer, added up. What a server did that has ended
     * is not in it.
     */
    SortedMap<String, Long> transportCounters() throws NoClusterException {
        SortedMap<String, Long> sum = new TreeMap<>(client.transportCounters());
        Set<List<String>> servers = new LinkedHashSet<>();
        servers.add(List.of(address));
        status().routing().nodes().stream()
                .filter(NodeInfo::alive)
                .map(NodeInfo::addresses)
                .forEach(servers::add);
        for (List<String> server : servers) {
            NodeService node = client.stub(NodeServiceRpc.SERVICE, server.toArray(String[]::new));
            try {
                Context.current()
                        .withTimeout(PATIENCE, environment.clock())
                        .call(node::counters)
                        .counters()
                        .forEach((name, value) -> sum.merge(name, value, Long::sum));
            } catch (RpcException e) {
                LOG.log(Level.DEBUG, () -> "no counters of " + server, e);
            }
        }
        return sum;
    }

    Routing routing() {
        return follower.current();
    }

    Environment environment() {
        return environment;
    }

    /** Waits for a metadata service to be there. */
    WeftFileSystem fileSystem() throws NoClusterException, InterruptedException {
        return fileSystem(service -> service);
    }

    /** As {@link #fileSystem()}, with {@code wrap} around each storage service. */
    WeftFileSystem fileSystem(UnaryOperator<StorageService> wrap) throws NoClusterException, InterruptedException {
        long deadline = environment.clock().nanoTime() + PATIENCE.toNanos();
        Routing routing = follower.awaitNewerThan(0, PATIENCE);
        while (meta(routing).isEmpty() && deadline - environment.clock().nanoTime() > 0) {
            routing = follower.awaitNewerThan(routing.version(), Duration.ofMillis(200));
        }
        List<String> addresses = meta(routing);
        if (addresses.isEmpty()) {
            throw new NoClusterException("the cluster has no metadata service that is up", address);
        }
        return new WeftFileSystem(
                FileSystemConfig.defaults(),
                environment,
                BufferPool.shared(),
                client.stub(MetaServiceRpc.SERVICE, addresses.toArray(String[]::new)),
                follower,
                node -> wrap.apply(
                        client.stub(StorageServiceRpc.SERVICE, node.addresses().toArray(String[]::new))));
    }

    private static List<String> meta(Routing routing) {
        return routing.info().nodes().stream()
                .filter(node -> node.role() == NodeRole.META && node.alive())
                .map(NodeInfo::addresses)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void close() {
        // Its connection first, as the follower may be waiting for an answer.
        client.close();
        follower.close();
    }
}
