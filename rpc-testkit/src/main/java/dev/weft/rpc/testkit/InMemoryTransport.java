package dev.weft.rpc.testkit;

import dev.weft.rpc.Address;
import dev.weft.rpc.Clock;
import dev.weft.rpc.spi.ConnectionAcceptor;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.rpc.spi.TransportListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Connects programs of one process through an {@link InMemoryNetwork}. */
final class InMemoryTransport implements Transport {
    private final InMemoryNetwork network;
    private final String node;
    private final Clock clock;
    private final MemoryRegistry memory;
    private final TransportConfig config;
    private final Set<InMemoryListener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<InMemoryConnection> connections = ConcurrentHashMap.newKeySet();

    InMemoryTransport(
            InMemoryNetwork network, String node, Clock clock, MemoryRegistry memory, TransportConfig config) {
        this.network = network;
        this.node = node;
        this.clock = clock;
        this.memory = memory;
        this.config = config;
    }

    @Override
    public TransportListener listen(Address address, ConnectionAcceptor acceptor) throws IOException {
        InMemoryListener listener = new InMemoryListener(address, acceptor, this);
        network.add(listener);
        listeners.add(listener);
        return listener;
    }

    @Override
    public TransportConnection connect(Address address, ConnectionAcceptor acceptor, long deadlineNanos)
            throws IOException, InterruptedException {
        String target = InMemoryNetwork.nodeOf(address.host());
        while (network.isBlocked(node, target) || network.isBlocked(target, node)) {
            if (clock.nanoTime() - deadlineNanos >= 0) {
                throw new IOException("cannot connect to " + address + ": timed out");
            }
            clock.sleep(Duration.ofMillis(10));
        }
        long arrival = network.arrivalNanos(node, target);
        long delay = arrival < 0 ? 0 : arrival - network.environment().clock().nanoTime();
        if (delay > 0) {
            clock.sleep(Duration.ofNanos(delay));
        }
        InMemoryListener listener = network.listener(address.host());
        if (listener == null || arrival < 0) {
            throw new IOException("cannot connect to " + address + ": connection refused");
        }
        InMemoryConnection ours = new InMemoryConnection(this, node, address.toString());
        InMemoryConnection theirs = new InMemoryConnection(listener.transport(), listener.node(), "mem://" + node);
        InMemoryConnection.join(ours, acceptor, theirs, listener.acceptor());
        return ours;
    }

    @Override
    public void close() {
        listeners.forEach(InMemoryListener::close);
        connections.forEach(connection -> connection.close("the transport is closed"));
    }

    void opened(InMemoryConnection connection) {
        connections.add(connection);
        network.add(connection);
    }

    void ended(InMemoryConnection connection) {
        connections.remove(connection);
        network.remove(connection);
    }

    void ended(InMemoryListener listener) {
        listeners.remove(listener);
        network.remove(listener);
    }

    /** Of the program that this transport is part of. */
    Clock clock() {
        return clock;
    }

    InMemoryNetwork network() {
        return network;
    }

    MemoryRegistry memory() {
        return memory;
    }

    TransportConfig config() {
        return config;
    }
}
