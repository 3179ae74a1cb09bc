package dev.weft.rpc.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Environment;
import dev.weft.rpc.spi.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A network within one process, for {@code mem://node} and {@code mem://node/listener}: perfect until told otherwise.
 *
 * <p>Each connection keeps the order of its messages, as TCP does; messages of different connections overtake each other
 * when delays differ. A lost message breaks its connection. A partition holds messages back; a connection that cannot
 * deliver for the transport's keep-alive time breaks. Under a {@link Simulation}'s environment everything follows from the
 * seed. Thread-safe.
 */
public final class InMemoryNetwork {
    /** A way from one node to another. */
    private record Way(String from, String to) {}

    private final Environment environment;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, InMemoryListener> listeners = new LinkedHashMap<>();

    @GuardedBy("lock")
    private final Set<InMemoryConnection> connections = new LinkedHashSet<>();

    @GuardedBy("lock")
    private final Set<Way> blocked = new HashSet<>();

    @GuardedBy("lock")
    private final Map<String, Duration> extraDelays = new HashMap<>();

    private volatile LinkConditions conditions = LinkConditions.perfect();

    public InMemoryNetwork(Environment environment) {
        this.environment = environment;
    }

    /** The transport of the programs on one node; it has the clock of the program that opens it. */
    public TransportProvider node(String name) {
        return new InMemoryTransportProvider(this, name);
    }

    /** Changes delay and loss of all messages from now on. */
    public void setConditions(LinkConditions newConditions) {
        conditions = newConditions;
    }

    /** Has all messages from and to a node take so much longer than others; zero ends that. */
    public void slow(String node, Duration extra) {
        lock.lock();
        try {
            if (extra.isZero()) {
                extraDelays.remove(node);
            } else {
                extraDelays.put(node, extra);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets nothing through from {@code from} to {@code to}; the other direction is not affected. */
    public void block(String from, String to) {
        lock.lock();
        try {
            blocked.add(new Way(from, to));
        } finally {
            lock.unlock();
        }
    }

    /** Separates two nodes in both directions. */
    public void partition(String one, String other) {
        block(one, other);
        block(other, one);
    }

    /** Ends what {@link #block} began; what was held back is delivered. */
    public void unblock(String from, String to) {
        lock.lock();
        try {
            blocked.remove(new Way(from, to));
        } finally {
            lock.unlock();
        }
        snapshot(connection -> connection.touches(to)).forEach(InMemoryConnection::flush);
    }

    /** Ends all partitions; what was held back is delivered. */
    public void heal() {
        lock.lock();
        try {
            blocked.clear();
        } finally {
            lock.unlock();
        }
        snapshot(connection -> true).forEach(InMemoryConnection::flush);
    }

    /** Breaks all connections of a node and frees its addresses, as the end of its process does. */
    public void cut(String node) {
        lock.lock();
        try {
            listeners.values().removeIf(listener -> listener.node().equals(node));
        } finally {
            lock.unlock();
        }
        snapshot(connection -> connection.touches(node)).forEach(connection -> connection.close(node + " was cut off"));
    }

    Environment environment() {
        return environment;
    }

    boolean isBlocked(String from, String to) {
        lock.lock();
        try {
            return blocked.contains(new Way(from, to));
        } finally {
            lock.unlock();
        }
    }

    /** When a message that is sent now arrives; -1 if it is lost. */
    long arrivalNanos(String from, String to) {
        LinkConditions now = conditions;
        long sent = environment.clock().nanoTime();
        if (now.lossPerMillion() > 0 && environment.random().nextInt(1_000_000) < now.lossPerMillion()) {
            return -1;
        }
        return sent + delayNanos(now) + extraNanos(from, to);
    }

    private long extraNanos(String from, String to) {
        lock.lock();
        try {
            if (extraDelays.isEmpty()) {
                return 0;
            }
            return extraDelays.getOrDefault(from, Duration.ZERO).toNanos()
                    + extraDelays.getOrDefault(to, Duration.ZERO).toNanos();
        } finally {
            lock.unlock();
        }
    }

    private long delayNanos(LinkConditions now) {
        Duration spread = now.maxDelay().minus(now.minDelay());
        long extra = spread.isZero() ? 0 : environment.random().nextLong(spread.toNanos() + 1);
        return now.minDelay().toNanos() + extra;
    }

    void add(InMemoryListener listener) throws IOException {
        lock.lock();
        try {
            if (listeners.putIfAbsent(listener.address().host(), listener) != null) {
                throw new IOException("cannot listen at " + listener.address() + ": it is in use");
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(InMemoryListener listener) {
        lock.lock();
        try {
            listeners.remove(listener.address().host(), listener);
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    InMemoryListener listener(String host) {
        lock.lock();
        try {
            return listeners.get(host);
        } finally {
            lock.unlock();
        }
    }

    void add(InMemoryConnection connection) {
        lock.lock();
        try {
            connections.add(connection);
        } finally {
            lock.unlock();
        }
    }

    void remove(InMemoryConnection connection) {
        lock.lock();
        try {
            connections.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    private List<InMemoryConnection> snapshot(Predicate<InMemoryConnection> chosen) {
        lock.lock();
        try {
            List<InMemoryConnection> found = new ArrayList<>();
            for (InMemoryConnection connection : connections) {
                if (chosen.test(connection)) {
                    found.add(connection);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** The node of an address: what comes before the first slash. */
    static String nodeOf(String host) {
        int slash = host.indexOf('/');
        return slash < 0 ? host : host.substring(0, slash);
    }
}
