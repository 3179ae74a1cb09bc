package dev.weft.cli;

import dev.weft.api.cluster.ClientSessions;
import dev.weft.api.cluster.ClientSessionsRpc;
import dev.weft.api.cluster.ClusterAdmin;
import dev.weft.api.cluster.ClusterAdminRpc;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.NodeService;
import dev.weft.api.cluster.NodeServiceRpc;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.SessionsReply;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.member.SessionKeeper;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.api.cluster.routing.PrimaryManager;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.MetaCheck;
import dev.weft.api.meta.MetaCheckRpc;
import dev.weft.api.meta.MetaServiceRpc;
import dev.weft.api.storage.StorageService;
import dev.weft.client.FileSystemConfig;
import dev.weft.client.User;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.ServiceDefinition;
import dev.weft.rpc.StatusCode;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A cluster as a command uses it. */
final class ClusterConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClusterConnection.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long to wait for another manager to become the primary: longer than that takes with default settings. */
    private static final Duration FAILOVER_PATIENCE = Duration.ofSeconds(15);

    private static final Duration POLL = Duration.ofMillis(200);

    private final String address;
    private final RpcClient client = Clients.create();
    private final NodeCalls nodes = new NodeCalls(client);
    private final Environment environment = Environment.system();
    private final List<String> managers;
    private final PrimaryFinder<ClusterManager> manager;
    private final PrimaryFinder<ClusterAdmin> admin;
    private final PrimaryFinder<ClientSessions> sessions;
    private final RoutingFollower follower;
    private final SessionKeeper session;

    private ClusterConnection(String address) {
        this.address = address;
        this.managers = List.of(address.split(",", -1));
        this.manager = finder(ClusterManagerRpc.SERVICE);
        this.admin = finder(ClusterAdminRpc.SERVICE);
        this.sessions = finder(ClientSessionsRpc.SERVICE);
        this.follower = new RoutingFollower(new PrimaryManager(manager), environment).onLost(nodes::lost);
        this.session = new SessionKeeper(sessions, description(), environment);
    }

    /** @throws NoClusterException if nobody answers there */
    static ClusterConnection open(String address) throws NoClusterException, InterruptedException {
        ClusterConnection connection = new ClusterConnection(address);
        try {
            connection.status();
            connection.follower.start();
            connection.session.start();
            return connection;
        } catch (NoClusterException e) {
            connection.client.close();
            throw e;
        }
    }

    private <S> PrimaryFinder<S> finder(ServiceDefinition<S> service) {
        return new PrimaryFinder<>(managers, at -> client.stub(service, at), PATIENCE, environment.clock());
    }

    private static String description() {
        ProcessHandle process = ProcessHandle.current();
        return "weft, process " + process.pid() + " of " + process.info().user().orElse("an unknown user");
    }

    StatusReply status() throws NoClusterException {
        return ask(manager, ClusterManager::status);
    }

    /** Asks what is for operators. */
    <R> R admin(Function<ClusterAdmin, R> question) throws NoClusterException {
        return ask(admin, question);
    }

    SessionsReply sessions() throws NoClusterException {
        return ask(sessions, ClientSessions::sessions);
    }

    /** Waits for a primary while there are managers that have none. */
    private <S, R> R ask(PrimaryFinder<S> finder, Function<S, R> question) throws NoClusterException {
        long deadline = environment.clock().nanoTime() + FAILOVER_PATIENCE.toNanos();
        while (true) {
            try {
                return finder.call(Duration.ZERO, question);
            } catch (RpcException e) {
                boolean electing = e.getCause() instanceof NotPrimaryException;
                if (!electing && isAnswer(e)) {
                    throw e;
                }
                if (!electing || deadline - environment.clock().nanoTime() <= 0) {
                    throw new NoClusterException("the cluster manager does not answer: " + e.getMessage(), address, e);
                }
            }
            try {
                environment.clock().sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RpcException(StatusCode.CANCELLED, "interrupted", e);
            }
        }
    }

    private static boolean isAnswer(RpcException e) {
        return switch (e.code()) {
            case INVALID_ARGUMENT, FAILED_PRECONDITION, RESOURCE_EXHAUSTED -> true;
            default -> false;
        };
    }

    /**
     * Counters of the transports of this process and of all servers that answer, added up. What a server did that has ended
     * is not in it.
     */
    SortedMap<String, Long> transportCounters() throws NoClusterException {
        SortedMap<String, Long> sum = new TreeMap<>(client.transportCounters());
        Set<List<String>> servers = new LinkedHashSet<>();
        managers.forEach(each -> servers.add(List.of(each)));
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

    String address() {
        return address;
    }

    Routing routing() {
        return follower.current();
    }

    Environment environment() {
        return environment;
    }

    /** Waits for a metadata service to be there. */
    WeftFileSystem fileSystem() throws NoClusterException, InterruptedException {
        return fileSystem(FileSystemConfig.defaults(), service -> service);
    }

    /** As {@link #fileSystem()}, on behalf of {@code user}. */
    WeftFileSystem fileSystem(User user) throws NoClusterException, InterruptedException {
        return fileSystem(FileSystemConfig.defaults().withUser(user), service -> service);
    }

    /** As {@link #fileSystem()}, with {@code wrap} around each storage service. */
    WeftFileSystem fileSystem(UnaryOperator<StorageService> wrap) throws NoClusterException, InterruptedException {
        return fileSystem(FileSystemConfig.defaults(), wrap);
    }

    /** The checks of each metadata server that is up, by growing id. Waits for one to be there. */
    List<MetaCheck> checks() throws NoClusterException, InterruptedException {
        awaitMeta();
        return metaNodes(follower.current())
                .map(node -> client.stub(MetaCheckRpc.SERVICE, node.addresses().toArray(String[]::new)))
                .toList();
    }

    private WeftFileSystem fileSystem(FileSystemConfig config, UnaryOperator<StorageService> wrap)
            throws NoClusterException, InterruptedException {
        List<String> addresses = awaitMeta();
        return new WeftFileSystem(
                config,
                environment,
                session.clientId(),
                BufferPool.shared(),
                client.stub(MetaServiceRpc.SERVICE, addresses.toArray(String[]::new)),
                follower,
                node -> wrap.apply(nodes.storage(node)));
    }

    /** Where metadata services are. */
    private List<String> awaitMeta() throws NoClusterException, InterruptedException {
        long deadline = environment.clock().nanoTime() + PATIENCE.toNanos();
        Routing routing = follower.awaitNewerThan(0, PATIENCE);
        while (metaNodes(routing).findAny().isEmpty()
                && deadline - environment.clock().nanoTime() > 0) {
            routing = follower.awaitNewerThan(routing.version(), Duration.ofMillis(200));
        }
        List<String> addresses = metaNodes(routing)
                .map(NodeInfo::addresses)
                .flatMap(List::stream)
                .toList();
        if (addresses.isEmpty()) {
            throw new NoClusterException("the cluster has no metadata service that is up", address);
        }
        return addresses;
    }

    private static Stream<NodeInfo> metaNodes(Routing routing) {
        return routing.info().nodes().stream().filter(node -> node.role() == NodeRole.META && node.alive());
    }

    @Override
    public void close() {
        session.close();
        // Its connection first, as the follower may be waiting for an answer.
        client.close();
        follower.close();
    }
}
