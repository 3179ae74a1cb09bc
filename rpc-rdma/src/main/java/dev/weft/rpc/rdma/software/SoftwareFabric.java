package dev.weft.rpc.rdma.software;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.verbs.DisniProvider;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A network of RDMA devices within one process, for tests of what runs on verbs. Thread-safe.
 *
 * {@snippet :
 * var fabric = SoftwareFabric.simulated(simulation.environment());
 * var server = fabric.host(fabric.device("s0", "10.0.0.1"), fabric.device("s1", "10.1.0.1"));
 * var client = fabric.host(fabric.device("c0", "10.0.0.2"));
 * fabric.faults().delay(Duration.ofNanos(2_000), Duration.ofMillis(1));
 * }
 *
 * <p>A work request is executed by the thread that posts it, before its post returns, unless it has to wait: for a delay,
 * a receive request, a broken link. What had to wait runs on the clock's thread. With a simulation's environment all
 * follows from the seed.
 */
public final class SoftwareFabric {
    private final Environment environment;
    private final boolean simulated;
    private final Faults faults;
    private final Connections connections;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, SoftwareDevice> devices = new LinkedHashMap<>();

    @GuardedBy("lock")
    private final List<SoftwareVerbsProvider> hosts = new ArrayList<>();

    private final AtomicInteger handles = new AtomicInteger();

    // Real devices do not begin with 0 either: 0 and 1 are special queue pairs.
    private final AtomicInteger queuePairNumbers = new AtomicInteger(16);

    private SoftwareFabric(
            Environment environment, boolean simulated, Function<SoftwareFabric, Connections> connections) {
        DisniProvider.ensureInstalled();
        this.environment = environment;
        this.simulated = simulated;
        this.faults = new Faults(this);
        this.connections = connections.apply(this);
    }

    /** A fabric in real time: threads of providers are platform threads. */
    public static SoftwareFabric of(Environment environment) {
        return new SoftwareFabric(environment, false, LocalConnections::new);
    }

    /** A fabric in a simulation: all threads are the environment's. */
    public static SoftwareFabric simulated(Environment environment) {
        return new SoftwareFabric(environment, true, LocalConnections::new);
    }

    /** A fabric whose only host is this process, and whose connections lead to other processes. */
    static SoftwareFabric betweenProcesses(Environment environment) {
        return new SoftwareFabric(environment, false, SocketConnections::new);
    }

    /**
     * Adds a device.
     *
     * @param name unlike all others of this fabric
     * @param addresses by which it is reached, IPv4 or IPv6 in text
     */
    public SoftwareDevice device(String name, String... addresses) {
        lock.lock();
        try {
            var parsed = new ArrayList<InetAddress>();
            for (String address : addresses) {
                InetAddress ip = parse(address);
                if (deviceAt(ip) != null) {
                    throw new IllegalArgumentException("address " + address + " is another device's");
                }
                parsed.add(ip);
            }
            var device = new SoftwareDevice(this, name, devices.size() + 1, parsed);
            if (devices.putIfAbsent(name, device) != null) {
                throw new IllegalArgumentException("there is a device " + name + " already");
            }
            return device;
        } finally {
            lock.unlock();
        }
    }

    private static InetAddress parse(String address) {
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(address + " is not an IP address", e);
        }
    }

    /** The verbs of one host, which has these devices. */
    public SoftwareVerbsProvider host(SoftwareDevice... ofHost) {
        var host = new SoftwareVerbsProvider(this, List.of(ofHost));
        lock.lock();
        try {
            hosts.add(host);
        } finally {
            lock.unlock();
        }
        return host;
    }

    /** What goes wrong here. */
    public Faults faults() {
        return faults;
    }

    /** What is open on all hosts together. */
    public OpenObjects open() {
        lock.lock();
        try {
            return hosts.stream().map(SoftwareVerbsProvider::open).reduce(OpenObjects.NONE, OpenObjects::plus);
        } finally {
            lock.unlock();
        }
    }

    Environment environment() {
        return environment;
    }

    Connections connections() {
        return connections;
    }

    Thread thread(String name, Runnable body) {
        return simulated
                ? environment.threads().newThread(body)
                : Thread.ofPlatform().name(name).daemon().unstarted(body);
    }

    int newHandle() {
        return handles.incrementAndGet();
    }

    int newQueuePairNumber() {
        return queuePairNumbers.incrementAndGet();
    }

    List<SoftwareDevice> devices() {
        lock.lock();
        try {
            return List.copyOf(devices.values());
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    SoftwareDevice deviceAt(InetAddress address) {
        lock.lock();
        try {
            for (SoftwareDevice device : devices.values()) {
                if (device.addresses().contains(address)) {
                    return device;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Runs a task on the clock's thread, at once. */
    void soon(Runnable task) {
        environment.clock().schedule(environment.clock().nanoTime(), task);
    }

    /** Something works again that did not: whoever waits for it may go on. */
    void retryAll() {
        List<SoftwareVerbsProvider> all;
        lock.lock();
        try {
            all = List.copyOf(hosts);
        } finally {
            lock.unlock();
        }
        all.forEach(SoftwareVerbsProvider::retryAll);
        connections.retryAll();
    }
}
