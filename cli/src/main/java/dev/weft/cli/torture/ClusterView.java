package dev.weft.cli.torture;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ClientSessions;
import dev.weft.api.cluster.ClientSessionsRpc;
import dev.weft.api.cluster.ClusterAdmin;
import dev.weft.api.cluster.ClusterAdminRpc;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.api.cluster.ConfigChange;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.NodeServiceRpc;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.member.SessionKeeper;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.api.cluster.routing.PrimaryManager;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.MetaServiceRpc;
import dev.weft.api.storage.StorageService;
import dev.weft.cli.NodeCalls;
import dev.weft.client.ChunkClient;
import dev.weft.client.FileSystemConfig;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.ServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The cluster as its clients see it, by one connection. Thread-safe. */
final class ClusterView implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Environment environment = Environment.system();
    private final RpcClient client = client();
    private final RpcClient frozenToo = client();
    private final NodeCalls nodes = new NodeCalls(client);
    private final NodeCalls direct = new NodeCalls(frozenToo);
    private final PrimaryFinder<ClusterManager> managers;
    private final PrimaryFinder<ClusterAdmin> admin;
    private final PrimaryFinder<ClientSessions> sessions;
    private final Queue<SessionKeeper> opened = new ConcurrentLinkedQueue<>();
    private final RoutingFollower follower;
    private final ChunkClient chunks;
    private final ChunkClient impatient;
    private final FileSystemConfig config;

    private static RpcClient client() {
        return RpcClient.builder()
                .config(ClientConfig.defaults().withRetry(RetryPolicy.none()))
                .build();
    }

    /** @param callTimeout of one attempt of an operation */
    ClusterView(String address, Duration callTimeout, Duration patience) {
        this.managers = finder(address, ClusterManagerRpc.SERVICE);
        this.admin = finder(address, ClusterAdminRpc.SERVICE);
        this.sessions = finder(address, ClientSessionsRpc.SERVICE);
        this.follower = new RoutingFollower(new PrimaryManager(managers), environment).onLost(nodes::lost);
        this.config = new FileSystemConfig(4 << 20, 4, callTimeout, patience, 8 << 10);
        this.chunks = new ChunkClient(config, environment, BufferPool.shared(), follower, nodes);
        this.impatient = new ChunkClient(
                new FileSystemConfig(4 << 20, 4, callTimeout, callTimeout.dividedBy(4), 8 << 10),
                environment,
                BufferPool.shared(),
                follower,
                nodes);
        follower.start();
    }

    private <S> PrimaryFinder<S> finder(String address, ServiceDefinition<S> service) {
        return new PrimaryFinder<>(
                List.of(address.split(",", -1)), at -> client.stub(service, at), PATIENCE, environment.clock());
    }

    Environment environment() {
        return environment;
    }

    ChunkClient chunks() {
        return chunks;
    }

    /** For what may not be there any more, as a certain replica. */
    ChunkClient impatientChunks() {
        return impatient;
    }

    /** Once the routing names a metadata service; it keeps its address. */
    Optional<WeftFileSystem> files() {
        List<String> addresses = routing().info().nodes().stream()
                .filter(node -> node.role() == NodeRole.META && node.alive())
                .flatMap(node -> node.addresses().stream())
                .toList();
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        // Each is a client of its own, as the cluster manager sees it.
        SessionKeeper session = new SessionKeeper(sessions, "weft torture", environment);
        opened.add(session);
        session.start();
        return Optional.of(new WeftFileSystem(
                config,
                environment,
                session.clientId(),
                BufferPool.shared(),
                client.stub(MetaServiceRpc.SERVICE, addresses.toArray(String[]::new)),
                follower,
                nodes));
    }

    /** A node's service whatever the cluster thinks of the node, by connections of its own. */
    StorageService storage(NodeInfo node) {
        return direct.storage(node);
    }

    Routing routing() {
        return follower.current();
    }

    /** What the primary says now; nothing if there is none that answers. */
    Optional<StatusReply> status() {
        try {
            return Optional.of(managers.call(Duration.ZERO, ClusterManager::status));
        } catch (RpcException e) {
            System.getLogger(ClusterView.class.getName())
                    .log(System.Logger.Level.DEBUG, "no status from any manager", e);
            return Optional.empty();
        }
    }

    /** @throws RpcException if no primary does it */
    void configure(ConfigChange change) {
        admin.call(Duration.ZERO, primary -> primary.setConfig(change));
    }

    /** What a server has counted since its start; nothing if it does not answer. */
    Map<String, Long> counters(NodeInfo node) {
        try {
            return Context.current()
                    .withTimeout(PATIENCE, environment.clock())
                    .call(() -> client.stub(
                                    NodeServiceRpc.SERVICE, node.addresses().toArray(String[]::new))
                            .counters()
                            .counters());
        } catch (RpcException e) {
            System.getLogger(ClusterView.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "no counters from " + node, e);
            return Map.of();
        }
    }

    /** Whether there are chains, and every target of them serves. */
    static boolean isWhole(List<Chain> chains) {
        return !chains.isEmpty() && chains.stream().allMatch(ClusterView::isWhole);
    }

    static boolean isWhole(Chain chain) {
        return chain.targets().stream().allMatch(target -> target.state() == PublicState.SERVING);
    }

    @Override
    public void close() {
        opened.forEach(SessionKeeper::close);
        // Its connections first, as the follower may be waiting for an answer.
        client.close();
        frozenToo.close();
        follower.close();
    }
}
