package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.RdmaCmId;
import dev.weft.rpc.Address;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.Connector.Connected;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.spi.ConnectionAcceptor;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.rpc.spi.TransportListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The devices, threads and connections of one client or server. */
final class RdmaTransport implements Transport {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    /** How long its connections may take to end. */
    private static final long CLOSE_NANOS_MAX = 60_000_000_000L;

    private final VerbsProvider provider;
    private final Environment environment;
    private final MemoryRegistry registry;
    private final TransportConfig config;
    private final RdmaConfig rdmaConfig;
    private final RdmaCounters counters = new RdmaCounters();
    private final VerbsThread verbs;
    private final ConnectionEvents events;
    private final Burial burial;
    private final Connector connector;
    private final BufferPool staging;
    private final BufferPool bounce;
    private final InboundPermits inboundPermits;
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final List<RdmaListener> listeners = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<ConnectionId, RdmaConnection> connections = new ConcurrentHashMap<>();
    private final Devices devices;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Clock.@Nullable Timer timer;

    private volatile boolean closed;

    RdmaTransport(
            VerbsProvider provider,
            Environment environment,
            MemoryRegistry registry,
            TransportConfig config,
            RdmaConfig rdmaConfig)
            throws IOException {
        this.provider = provider;
        this.environment = environment;
        this.registry = registry;
        this.config = config;
        this.rdmaConfig = rdmaConfig;
        this.staging = new BufferPool(poolConfig(rdmaConfig.stagingBytes()), environment);
        this.bounce = new BufferPool(poolConfig(rdmaConfig.stagingBytes()), environment);
        this.inboundPermits = new InboundPermits(rdmaConfig.permitBytes());
        this.verbs = new VerbsThread(provider, environment.clock());
        this.devices = new Devices(provider, verbs, environment.clock(), rdmaConfig, counters, this::onDeviceEvent);
        try {
            devices.openAll();
            this.events = new ConnectionEvents(provider, environment.clock());
        } catch (IOException | RuntimeException e) {
            devices.close();
            verbs.close();
            staging.close();
            bounce.close();
            throw e;
        }
        this.burial = new Burial(verbs, events, environment.clock());
        this.connector = new Connector(this, verbs, events);
        devices.watch(registry);
        devices.watch(staging.registry());
        devices.watch(bounce.registry());
        lookAfterConnections();
    }

    private BufferPoolConfig poolConfig(long bytes) {
        int largest = Math.max(Integer.highestOneBit(config.maxMessageBytes() - 1) << 1, 1 << 20);
        return new BufferPoolConfig(Math.max(bytes, 2L * largest), largest);
    }

    /**
     * Looks after connections, whose peers may say nothing. On a thread of the clock, which must not wait: takes no lock that others
     * hold while they do.
     */
    private void lookAfterConnections() {
        if (closed) {
            return;
        }
        Clock.Timer next = clock().schedule(
                        clock().nanoTime() + config.keepAlive().toNanos() / 2, () -> {
                            connections.values().forEach(RdmaConnection::lookAfter);
                            lookAfterConnections();
                        });
        timer = next;
        if (closed) {
            next.cancel();
        }
    }

    private void onDeviceEvent(OpenDevice device, DeviceEvent event) {
        LOG.log(Level.INFO, () -> "device " + device.name() + ": " + event.kind() + " " + event.number());
        switch (event.kind()) {
            case DEVICE_FATAL -> lose(device);
            case QUEUE_PAIR_FATAL ->
                connections.values().forEach(connection -> connection.rails().endQueuePair(device, event.number()));
            case PORT_DOWN -> endRails(device, "the port is down");
            case PORT_ACTIVE -> connections.values().forEach(RdmaConnection::wakeKeeper);
            default -> {}
        }
    }

    private void lose(OpenDevice device) {
        if (devices.lose(device)) {
            endRails(device, "the device is lost");
            later(devices::closeLost);
        }
    }

    private void endRails(OpenDevice device, String reason) {
        connections.values().forEach(connection -> connection.rails().end(device, reason));
    }

    // --- connections

    @Override
    public TransportListener listen(Address address, ConnectionAcceptor acceptor) throws IOException {
        InetSocketAddress at = resolve(address);
        RdmaListener listener = new RdmaListener(this, verbs, events, address, at, acceptor);
        listeners.add(listener);
        return listener;
    }

    @Override
    public TransportConnection connect(Address address, ConnectionAcceptor acceptor, long deadlineNanos)
            throws IOException, InterruptedException {
        InetSocketAddress remote = resolve(address);
        ConnectionId id = ConnectionId.random(environment.random());
        RdmaConnection connection = new RdmaConnection(this, id, address.toString());
        Rail rail = connection.rails().get(0);
        InetAddress local = RailPlan.localFor(remote.getAddress(), devices.addresses(), rdmaConfig);
        Connected made = connector.connect(
                rail,
                0,
                local,
                remote,
                device -> request(ConnectData.Kind.NEW, connection, rail, device, 0, ConnectData.NO_EPOCH, 0),
                deadlineNanos);
        if (!begin(connection)) {
            burial.abandon(made.queuePair());
            throw new IOException("the transport is closed");
        }
        connection.start(acceptor.accept(connection));
        List<RailKeeper.Target> targets = RailPlan.targets(
                made.local().getAddress(),
                remote,
                made.reply().addresses(),
                devices.addresses(),
                rdmaConfig.railsMax());
        RailKeeper keeper = new RailKeeper(connection, this, targets);
        connection.keepRails(keeper);
        begin(rail, made);
        if (targets.size() > 1) {
            keeper.wake();
        }
        return connection;
    }

    /** A queue pair is connected: it greets, and is used from now on. */
    void begin(Rail rail, Connected made) {
        ConnectData.Reply reply = made.reply();
        rail.connection().agree(reply.bufferBytes(), reply.maxMessageBytes(), reply.permitFromBytes());
        made.queuePair().sendNow(ControlFrame.plain(ControlFrame.HELLO, 0));
        rail.up(made.queuePair(), reply.ordinal());
    }

    ConnectData.Request request(
            ConnectData.Kind kind,
            RdmaConnection connection,
            Rail rail,
            OpenDevice device,
            int epoch,
            int lastEpoch,
            long lastReceived) {
        return new ConnectData.Request(
                kind,
                rail.index(),
                device.ordinal(),
                device.immediateData(),
                connection.id().most(),
                connection.id().least(),
                rdmaConfig.ringBuffers(),
                rdmaConfig.bufferBytes(),
                config.maxMessageBytes(),
                permitFromBytes(),
                epoch,
                lastEpoch,
                (int) lastReceived);
    }

    /** Counts a connection; false if there are too many, or the transport is closed. */
    boolean begin(RdmaConnection connection) {
        lock.lock();
        try {
            if (closed || connections.size() >= config.maxConnections()) {
                return false;
            }
            return connections.putIfAbsent(connection.id(), connection) == null;
        } finally {
            lock.unlock();
        }
    }

    /** A queue pair is about to be made. */
    void begin(Attempt attempt) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the transport is closed");
            }
            attempts.add(attempt);
        } finally {
            lock.unlock();
        }
    }

    /** It was made, or not. */
    void ended(Attempt attempt) {
        attempts.remove(attempt);
    }

    void ended(RdmaConnection connection) {
        connections.remove(connection.id(), connection);
    }

    @Nullable
    RdmaConnection find(ConnectionId id) {
        return connections.get(id);
    }

    /** A peer that asked for a queue pair and then says nothing does not keep it. */
    void failUnlessUp(Rail rail, QueuePair queuePair) {
        clock().schedule(clock().nanoTime() + config.connectTimeout().toNanos(), () -> {
            if (rail.current() != queuePair) {
                rail.fail(queuePair, "the peer does not greet");
            }
        });
    }

    QueuePair newQueuePair(Rail rail, OpenDevice device, RdmaCmId id, int epoch) throws IOException {
        return new QueuePair(rail, device, id, epoch, provider, rdmaConfig, counters);
    }

    // --- for its parts

    Devices devices() {
        return devices;
    }

    VerbsProvider provider() {
        return provider;
    }

    Clock clock() {
        return environment.clock();
    }

    TransportConfig config() {
        return config;
    }

    RdmaConfig rdmaConfig() {
        return rdmaConfig;
    }

    RdmaCounters counting() {
        return counters;
    }

    MemoryRegistry registry() {
        return registry;
    }

    InboundPermits inboundPermits() {
        return inboundPermits;
    }

    /** From what size on transfers into this process ask first; 0 if none do. */
    int permitFromBytes() {
        return inboundPermits.isLimited() ? rdmaConfig.permitFromBytes() : 0;
    }

    Burial burial() {
        return burial;
    }

    Connector connector() {
        return connector;
    }

    BufferPool staging() {
        return staging;
    }

    BufferPool bounce() {
        return bounce;
    }

    void later(Runnable task) {
        environment.threads().newThread(task).start();
    }

    private static InetSocketAddress resolve(Address address) throws IOException {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new IOException("unknown host in " + address);
        }
        return resolved;
    }

    @Override
    public SortedMap<String, Long> counters() {
        return counters.snapshot();
    }

    // --- the end

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        Clock.Timer next = timer;
        if (next != null) {
            next.cancel();
        }
        listeners.forEach(RdmaListener::close);
        connections.values().forEach(connection -> connection.close("the transport is closed"));
        attempts.forEach(Attempt::cancel);
        if (!awaitUnused()) {
            LOG.log(
                    Level.ERROR,
                    () -> "the transport still has " + connections.size() + " connections and " + attempts.size()
                            + " attempts at one, " + CLOSE_NANOS_MAX / 1_000_000_000
                            + " s after its end: its devices and their memory are left as they are");
            return;
        }
        events.close();
        devices.close();
        verbs.close();
        staging.close();
        bounce.close();
    }

    /** False if that takes too long: memory that a device may still write to must not be freed. */
    private boolean awaitUnused() {
        long until = clock().nanoTime() + CLOSE_NANOS_MAX;
        boolean interrupted = false;
        boolean used = true;
        while (used && clock().nanoTime() - until < 0) {
            clock().parkUntil(this, clock().nanoTime() + 500_000);
            interrupted |= Thread.interrupted();
            used = !attempts.isEmpty() || !connections.isEmpty() || !devices.areUnused();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !used;
    }
}
