package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.RdmaCmId;
import dev.weft.rpc.Address;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.Connector.Connected;
import dev.weft.rpc.rdma.RegisteredMemory.Slab;
import dev.weft.rpc.rdma.verbs.Device;
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
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final List<MemoryRegistry.Subscription> memory = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Changed under the lock. */
    private final List<OpenDevice> devices = new CopyOnWriteArrayList<>();

    /** Native memory that devices have registered. */
    @GuardedBy("lock")
    private final List<MemorySegment> slabs = new ArrayList<>();

    /** Devices that are gone, and still have queue pairs to bury. */
    @GuardedBy("lock")
    private final List<OpenDevice> lostDevices = new ArrayList<>();

    @GuardedBy("lock")
    private int nextOrdinal;

    private volatile Clock.@Nullable Timer silenceTimer;

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
        try {
            openDevices();
            this.events = new ConnectionEvents(provider, environment.clock());
        } catch (IOException | RuntimeException e) {
            devices.forEach(OpenDevice::close);
            verbs.close();
            staging.close();
            bounce.close();
            throw e;
        }
        this.burial = new Burial(verbs, events, environment.clock());
        this.connector = new Connector(this, verbs, events);
        watchMemory(registry);
        watchMemory(staging.registry());
        watchMemory(bounce.registry());
        watchSilence();
    }

    private BufferPoolConfig poolConfig(long bytes) {
        int largest = Math.max(Integer.highestOneBit(config.maxMessageBytes() - 1) << 1, 1 << 20);
        return new BufferPoolConfig(Math.max(bytes, 2L * largest), largest);
    }

    private void openDevices() throws IOException {
        verbs.call(() -> {
            for (Device device : provider.devices()) {
                if (isWanted(device)) {
                    open(provider.open(device.name()));
                }
            }
            return 0;
        });
        if (devices.isEmpty()) {
            throw new IOException("there is no RDMA device"
                    + (rdmaConfig.devices().isEmpty() ? "" : " of " + rdmaConfig.devices())
                    + " (provider " + provider.name() + "); 'weft rdma devices' lists what there is");
        }
    }

    private boolean isWanted(Device device) {
        return rdmaConfig.devices().isEmpty() || rdmaConfig.devices().contains(device.name());
    }

    @GuardedBy("lock")
    private OpenDevice openLocked(IbvContext context) throws IOException {
        OpenDevice opened =
                new OpenDevice(context, nextOrdinal++, provider, environment.clock(), counters, this::onDeviceEvent);
        slabs.forEach(slab -> opened.memory().add(slab));
        devices.add(opened);
        return opened;
    }

    private OpenDevice open(IbvContext context) throws IOException {
        lock.lock();
        try {
            return openLocked(context);
        } finally {
            lock.unlock();
        }
    }

    private void watchMemory(MemoryRegistry watched) {
        memory.add(watched.listen(new MemoryRegistry.MemoryListener() {
            @Override
            public void added(MemorySegment slab) {
                lock.lock();
                try {
                    slabs.add(slab);
                    devices.forEach(device -> device.memory().add(slab));
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void freed(MemorySegment slab) {
                lock.lock();
                try {
                    slabs.removeIf(known -> known.address() == slab.address());
                    devices.forEach(device -> device.memory().remove(slab));
                    lostDevices.forEach(device -> device.memory().remove(slab));
                } finally {
                    lock.unlock();
                }
            }
        }));
    }

    /**
     * Looks for connections whose peers say nothing. On a thread of the clock, which must not wait: takes no lock that others
     * hold while they do.
     */
    private void watchSilence() {
        if (closed) {
            return;
        }
        Clock.Timer next = clock().schedule(
                        clock().nanoTime() + config.keepAlive().toNanos() / 2, () -> {
                            connections.values().forEach(RdmaConnection::checkSilence);
                            watchSilence();
                        });
        silenceTimer = next;
        if (closed) {
            next.cancel();
        }
    }

    private void onDeviceEvent(OpenDevice device, DeviceEvent event) {
        LOG.log(Level.INFO, () -> "device " + device.name() + ": " + event.kind() + " " + event.number());
        switch (event.kind()) {
            case DEVICE_FATAL -> lose(device);
            case QUEUE_PAIR_FATAL ->
                connections.values().forEach(connection -> connection.endQueuePair(device, event.number()));
            case PORT_DOWN -> endRails(device, "the port is down");
            case PORT_ACTIVE -> connections.values().forEach(RdmaConnection::wakeKeeper);
            default -> {}
        }
    }

    private void lose(OpenDevice device) {
        if (!device.lose()) {
            return;
        }
        lock.lock();
        try {
            devices.remove(device);
            lostDevices.add(device);
        } finally {
            lock.unlock();
        }
        endRails(device, "the device is lost");
        later(this::closeLostDevices);
    }

    /** Frees what is left of devices that are gone and have no queue pair any more. */
    void closeLostDevices() {
        List<OpenDevice> unused = new ArrayList<>();
        lock.lock();
        try {
            for (OpenDevice device : List.copyOf(lostDevices)) {
                if (device.poller().isUnused()) {
                    lostDevices.remove(device);
                    unused.add(device);
                }
            }
        } finally {
            lock.unlock();
        }
        unused.forEach(OpenDevice::close);
    }

    private void endRails(OpenDevice device, String reason) {
        connections.values().forEach(connection -> connection.endRails(device, reason));
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
        Rail rail = connection.rail(0);
        InetAddress local = RailPlan.localFor(remote.getAddress(), deviceAddresses(), rdmaConfig);
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
                made.local().getAddress(), remote, made.reply().addresses(), deviceAddresses(), rdmaConfig.railsMax());
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

    // --- devices and memory

    /** The device behind a context; opened if need be. */
    OpenDevice device(IbvContext context) throws IOException {
        String name = provider.deviceName(context);
        lock.lock();
        try {
            for (OpenDevice device : devices) {
                if (device.name().equals(name) && !device.isLost()) {
                    return device;
                }
            }
        } finally {
            lock.unlock();
        }
        if (!rdmaConfig.devices().isEmpty() && !rdmaConfig.devices().contains(name)) {
            throw new IOException("device " + name + " is not among those to be used: " + rdmaConfig.devices());
        }
        if (devices.size() >= MemoryKeys.DEVICES_MAX) {
            throw new IOException("device " + name + " is one more than " + MemoryKeys.DEVICES_MAX);
        }
        return verbs.call(() -> open(context));
    }

    QueuePair newQueuePair(Rail rail, OpenDevice device, RdmaCmId id, int epoch) throws IOException {
        return new QueuePair(rail, device, id, epoch, provider, rdmaConfig, counters);
    }

    /** One address of each device. */
    private List<InetAddress> deviceAddresses() {
        List<InetAddress> addresses = new ArrayList<>();
        for (OpenDevice device : devices) {
            addresses.addAll(device.info().addresses());
        }
        return addresses;
    }

    /** By which addresses of a listener's family its devices can be reached. */
    List<InetAddress> addresses(InetSocketAddress listener) {
        List<InetAddress> addresses = new ArrayList<>();
        for (OpenDevice device : devices) {
            device.info().addresses().stream()
                    .filter(address ->
                            address.getClass() == listener.getAddress().getClass())
                    .filter(address -> !address.isLinkLocalAddress())
                    .findFirst()
                    .ifPresent(addresses::add);
        }
        return addresses.size() > Rail.RAILS_MAX ? addresses.subList(0, Rail.RAILS_MAX) : addresses;
    }

    @Nullable
    MemoryKeys keysOf(MemorySegment segment) {
        int[] ordinals = new int[devices.size()];
        int[] rkeys = new int[ordinals.length];
        int count = 0;
        for (OpenDevice device : devices) {
            Slab slab = device.memory().find(segment.address(), segment.byteSize());
            if (slab != null && count < ordinals.length) {
                ordinals[count] = device.ordinal();
                rkeys[count] = slab.rkey();
                count++;
            }
        }
        if (count == 0) {
            return null;
        }
        return new MemoryKeys(Arrays.copyOf(ordinals, count), Arrays.copyOf(rkeys, count));
    }

    boolean isRegistered(MemorySegment segment) {
        for (int i = 0; i < devices.size(); i++) {
            OpenDevice device = devices.get(i);
            if (device.memory().find(segment.address(), segment.byteSize()) == null) {
                return false;
            }
        }
        return true;
    }

    // --- for its parts

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

    private boolean hasQueuePairs() {
        lock.lock();
        try {
            return !devices.stream().allMatch(device -> device.poller().isUnused())
                    || !lostDevices.stream().allMatch(device -> device.poller().isUnused());
        } finally {
            lock.unlock();
        }
    }

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
        Clock.Timer timer = silenceTimer;
        if (timer != null) {
            timer.cancel();
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
        memory.forEach(MemoryRegistry.Subscription::close);
        closeLostDevices();
        for (OpenDevice device : devices) {
            device.close();
        }
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
            used = !attempts.isEmpty() || !connections.isEmpty() || hasQueuePairs();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !used;
    }
}
