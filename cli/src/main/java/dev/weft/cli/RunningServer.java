package dev.weft.cli;

import dev.weft.api.cluster.ClientSessions;
import dev.weft.api.cluster.ClientSessionsRpc;
import dev.weft.api.cluster.ClusterAdminRpc;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.api.cluster.CountersReply;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.NodeServiceRpc;
import dev.weft.api.cluster.member.ClusterIdentity;
import dev.weft.api.cluster.member.HotOptions;
import dev.weft.api.cluster.member.LiveClients;
import dev.weft.api.cluster.member.Member;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.api.cluster.routing.PrimaryManager;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.MetaCheckRpc;
import dev.weft.api.meta.MetaServiceRpc;
import dev.weft.api.storage.StorageServiceRpc;
import dev.weft.cluster.ClusterManagerConfig;
import dev.weft.cluster.ClusterManagerServer;
import dev.weft.cluster.ManagerSeat;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RocksDbKeyValueStore;
import dev.weft.kv.StoreAdmin;
import dev.weft.kv.StoreAdminRpc;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreServer;
import dev.weft.kv.StoreServiceRpc;
import dev.weft.kv.ratis.RatisConfig;
import dev.weft.kv.ratis.RatisKeyValueStore;
import dev.weft.meta.Membership;
import dev.weft.meta.MetaConfig;
import dev.weft.meta.MetaServer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.recorder.FlightRecorder;
import dev.weft.rpc.recorder.RecorderServiceRpc;
import dev.weft.storage.PeerMemory;
import dev.weft.storage.StorageConfig;
import dev.weft.storage.StorageServer;
import dev.weft.storage.engine.EngineOptions;
import dev.weft.storage.engine.FileDisk;
import dev.weft.storage.engine.ReloadableEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The services of one process, put together: the one place where services meet transports. */
final class RunningServer implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(3);

    /** How long one manager may take to answer: half of the default lease, so that another one can be asked in its time. */
    private static final Duration MANAGER_PATIENCE = Duration.ofMillis(1500);

    private final ServerSettings settings;
    private final Environment environment = Environment.system();
    private final FlightRecorder recorder;
    private final RpcClient client;
    private final NodeCalls nodes;

    /** What to close, last started first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private List<String> addresses = List.of();

    /** Set before anybody can ask for its counters, as the next one. */
    private @Nullable StorageServer storage;

    private @Nullable MetaServer meta;

    private final AtomicBoolean closed = new AtomicBoolean();

    private RunningServer(ServerSettings settings) {
        this.settings = settings;
        this.recorder = new FlightRecorder(settings.recorder(), environment);
        this.client = Clients.create(recorder);
        this.nodes = new NodeCalls(client);
        parts.push(recorder);
        parts.push(client);
    }

    static RunningServer start(ServerSettings settings) throws IOException, InterruptedException {
        RunningServer server = new RunningServer(settings);
        try {
            server.start();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Where the process listens. */
    List<String> addresses() {
        return addresses;
    }

    private void start() throws IOException, InterruptedException {
        RpcServer.Builder rpc = RpcServer.builder().recorder(recorder);
        rpc.bind(RecorderServiceRpc.SERVICE, recorder.service());
        if (settings.recording().fromStart()) {
            recorder.start();
        }
        settings.listen().forEach(rpc::listen);
        List<Runnable> begin = new ArrayList<>();
        // Others are told where we listen, so listening comes before them; they refuse until they have begun.
        switch (settings.role()) {
            case KV -> addStore(rpc);
            case MANAGER -> addManager(rpc, begin);
            case META -> addMeta(rpc, primary(), begin);
            case STORAGE -> addStorage(rpc, primary(), begin);
            case ALL -> {
                ClusterManager manager = addManager(rpc, begin);
                addMeta(rpc, manager, begin);
                addStorage(rpc, manager, begin);
            }
        }
        AtomicReference<RpcServer> self = new AtomicReference<>();
        rpc.bind(NodeServiceRpc.SERVICE, () -> new CountersReply(counters(self.get())));
        RpcServer started = rpc.start();
        self.set(started);
        addresses = started.addresses().stream().map(Object::toString).toList();
        parts.push(() -> started.shutdown(DRAIN));
        begin.forEach(Runnable::run);
    }

    /** Of the process, as a server and as a client of others, and as what it serves. */
    private SortedMap<String, Long> counters(@Nullable RpcServer server) {
        SortedMap<String, Long> counters = new TreeMap<>(client.transportCounters());
        if (server != null) {
            server.transportCounters().forEach((name, value) -> counters.merge(name, value, Long::sum));
        }
        StorageServer node = storage;
        if (node != null) {
            counters.putAll(node.counters());
        }
        MetaServer names = meta;
        if (names != null) {
            counters.putAll(names.counters());
        }
        return counters;
    }

    private ClusterManager addManager(RpcServer.Builder rpc, List<Runnable> begin)
            throws IOException, InterruptedException {
        boolean shares = !settings.store().isEmpty();
        KeyValueStore store = shares ? sharedStore() : store(settings.data().resolve("manager"));
        ClusterManagerConfig config = ClusterManagerConfig.defaults()
                .withChains(settings.replicas(), settings.storageNodes(), settings.targets())
                .withFailureTime(settings.failureTime());
        ManagerSeat seat = new ManagerSeat(settings.nodeId(), settings.listen(), !shares);
        ClusterManagerServer manager = new ClusterManagerServer(seat, config, environment, store);
        parts.push(manager);
        manager.start();
        rpc.bind(ClusterManagerRpc.SERVICE, manager);
        rpc.bind(ClusterAdminRpc.SERVICE, manager);
        rpc.bind(ClientSessionsRpc.SERVICE, manager);
        if (!settings.manager().isEmpty()) {
            Path folder = settings.data().resolve("manager");
            addPulse(NodeRole.MANAGER, settings.nodeId(), folder, primary(), member(folder), begin);
        }
        return manager;
    }

    private KeyValueStore store(Path folder) throws IOException {
        KeyValueStore store = RocksDbKeyValueStore.open(folder, StoreLimits.defaults(), environment);
        parts.push(store);
        return store;
    }

    /** The store that other servers hold for us. */
    private KeyValueStore sharedStore() {
        return Stores.remote(client, settings.store(), environment);
    }

    /** Of role kv. */
    private void addStore(RpcServer.Builder rpc) throws IOException {
        StoreSettings how = settings.storeSettings();
        Path folder = settings.data().resolve("store");
        switch (how.engine()) {
            case ROCKSDB -> {
                KeyValueStore store = store(folder);
                rpc.bind(StoreServiceRpc.SERVICE, new StoreServer(store, environment));
                rpc.bind(StoreAdminRpc.SERVICE, StoreAdmin.alone("rocksdb", store));
            }
            case RATIS -> {
                RatisConfig config = how.joins()
                        ? RatisConfig.joining(folder, how.peers().getFirst())
                        : RatisConfig.of(folder, how.peer(), how.peers());
                RatisKeyValueStore store = RatisKeyValueStore.open(config, StoreLimits.defaults(), environment);
                parts.push(store);
                rpc.bind(StoreServiceRpc.SERVICE, new StoreServer(store, environment));
                rpc.bind(StoreAdminRpc.SERVICE, store);
            }
        }
    }

    /** The primary of the managers elsewhere. */
    private ClusterManager primary() {
        return new PrimaryManager(new PrimaryFinder<>(
                settings.manager(),
                address -> client.stub(ClusterManagerRpc.SERVICE, address),
                MANAGER_PATIENCE,
                environment.clock()));
    }

    private void addPulse(
            NodeRole role, int nodeId, Path folder, ClusterManager manager, Member member, List<Runnable> begin)
            throws IOException {
        NodePulse pulse =
                new NodePulse(nodeId, role, settings.listen(), Incarnation.next(folder), manager, member, environment);
        parts.push(pulse);
        begin.add(pulse::start);
    }

    private static Member member(Path folder) throws IOException {
        HotOptions options = new HotOptions().text("log-level", "info", Logs::level);
        return new Member(ClusterIdentity.inFolder(folder), options);
    }

    private void addMeta(RpcServer.Builder rpc, ClusterManager manager, List<Runnable> begin)
            throws IOException, InterruptedException {
        int nodeId = settings.role() == Role.ALL ? settings.nodeId() + 1 : settings.nodeId();
        Path folder = settings.data().resolve("meta");
        KeyValueStore store = settings.store().isEmpty() ? store(folder.resolve("store")) : sharedStore();
        RoutingFollower follower = new RoutingFollower(manager, environment).onLost(nodes::lost);
        parts.push(follower);
        MetaConfig config = MetaConfig.defaults();
        Membership others = new Membership(nodeId, follower::current, Optional.of(liveClients(manager)));
        MetaServer server = new MetaServer(config, environment, store, follower, others, nodes::storage);
        meta = server;
        parts.push(server);
        server.start();
        rpc.bind(MetaServiceRpc.SERVICE, server);
        rpc.bind(MetaCheckRpc.SERVICE, server.check());
        begin.add(follower::start);
        Member member = member(folder);
        member.options().number("collect-rate", config.collectRate(), 0, Long.MAX_VALUE, server::setCollectRate);
        addPulse(NodeRole.META, nodeId, folder, manager, member, begin);
    }

    private LiveClients liveClients(ClusterManager manager) {
        if (manager instanceof ClientSessions local) {
            return () -> LiveClients.of(local);
        }
        PrimaryFinder<ClientSessions> managers = new PrimaryFinder<>(
                settings.manager(),
                address -> client.stub(ClientSessionsRpc.SERVICE, address),
                MANAGER_PATIENCE,
                environment.clock());
        return () -> managers.call(Duration.ZERO, LiveClients::of);
    }

    private void addStorage(RpcServer.Builder rpc, ClusterManager manager, List<Runnable> begin) throws IOException {
        int nodeId = settings.role() == Role.ALL ? settings.nodeId() + 10 : settings.nodeId();
        List<Long> targets = new ArrayList<>();
        for (int i = 1; i <= settings.targets(); i++) {
            targets.add(nodeId * 1000L + i);
        }
        Path folder = settings.data().resolve("storage");
        // First of all: it gives space back that was set aside, for a disk that is full.
        ReloadableEngine engine = new ReloadableEngine(
                () -> FileDisk.open(folder),
                Thread.ofPlatform().name("weft-commit").daemon().factory(),
                EngineOptions.defaults());
        StorageConfig config = StorageConfig.of(nodeId, Incarnation.next(folder), settings.listen(), targets);
        StorageServer node = new StorageServer(
                config,
                environment,
                engine,
                manager,
                liveClients(manager),
                nodes,
                new PeerMemory(BufferPool.shared()),
                member(folder));
        parts.push(node);
        storage = node;
        rpc.bind(StorageServiceRpc.SERVICE, node.service());
        begin.add(node::start);
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                System.getLogger(RunningServer.class.getName())
                        .log(System.Logger.Level.WARNING, "cannot close " + part, e);
            }
        }
    }
}
