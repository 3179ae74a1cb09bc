package dev.weft.rpc.tcp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Address;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.rpc.spi.ConnectionAcceptor;
import dev.weft.rpc.spi.ForeignProtocol;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.rpc.spi.TransportListener;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Connections over TCP and Unix sockets, served by a few loops that start with the first use. */
final class TcpTransport implements Transport {
    /** One loop reads for two cores that compute; more than eight have not been seen to help. */
    private static final int LOOPS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);

    private final Environment environment;
    private final MemoryRegistry memory;
    private final TransportConfig config;
    private final StagingBuffers buffers = new StagingBuffers();
    private final AtomicLong advance = new AtomicLong();
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Set<IoLoop.Member> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<IoLoop> loops = new ArrayList<>();

    @GuardedBy("lock")
    private final List<TcpListener> listeners = new ArrayList<>();

    @GuardedBy("lock")
    private boolean closed;

    TcpTransport(Environment environment, MemoryRegistry memory, TransportConfig config) {
        this.environment = environment;
        this.memory = memory;
        this.config = config;
    }

    @Override
    public TransportListener listen(Address address, ConnectionAcceptor acceptor) throws IOException {
        return listen(address, acceptor, List.of());
    }

    @Override
    public TransportListener listen(Address address, ConnectionAcceptor acceptor, List<ForeignProtocol> foreign)
            throws IOException {
        TcpListener listener = new TcpListener(address, acceptor, foreign, this, loop());
        lock.lock();
        try {
            listeners.add(listener);
        } finally {
            lock.unlock();
        }
        listener.start();
        return listener;
    }

    @Override
    public TransportConnection connect(Address address, ConnectionAcceptor acceptor, long deadlineNanos)
            throws IOException, InterruptedException {
        SocketChannel channel;
        try {
            channel = Sockets.connect(address, deadlineNanos - clock().nanoTime());
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted while connecting to " + address);
        }
        Sockets.prepare(channel);
        TcpConnection connection = begin(channel, address.toString(), loop(), acceptor, new byte[0]);
        connection.awaitHello(deadlineNanos);
        return connection;
    }

    /** Makes a connection of a channel; of one whose peer may speak one of several protocols, when it has begun to. */
    void accept(SocketChannel channel, String peer, ConnectionAcceptor acceptor, List<ForeignProtocol> foreign)
            throws IOException {
        Sockets.prepare(channel);
        IoLoop loop = loop();
        if (foreign.isEmpty()) {
            begin(channel, peer, loop, acceptor, new byte[0]);
            return;
        }
        FirstBytes undecided = new FirstBytes(channel, peer, loop, this, foreign, acceptor);
        connections.add(undecided);
        undecided.start();
    }

    /** @param first what was read of the channel already */
    TcpConnection begin(SocketChannel channel, String peer, IoLoop loop, ConnectionAcceptor acceptor, byte[] first) {
        TcpConnection connection = new TcpConnection(channel, peer, loop, this);
        connections.add(connection);
        connection.start(acceptor.accept(connection), first);
        return connection;
    }

    /** The same for a peer that speaks {@code protocol}. */
    void beginForeign(
            SocketChannel channel,
            String peer,
            IoLoop loop,
            ConnectionAcceptor acceptor,
            byte[] first,
            ForeignProtocol protocol)
            throws IOException {
        Sockets.watch(channel);
        ForeignConnection connection = new ForeignConnection(channel, peer, loop, this, protocol);
        connections.add(connection);
        connection.start(acceptor.accept(connection), first);
    }

    void ended(IoLoop.Member connection) {
        connections.remove(connection);
    }

    int connectionCount() {
        return connections.size();
    }

    /** The loop for the next connection. */
    private IoLoop loop() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the transport is closed");
            }
            int index = Math.floorMod(nextLoop.getAndIncrement(), LOOPS);
            if (index >= loops.size()) {
                IoLoop loop = new IoLoop("weft-tcp-" + loops.size(), clock());
                loop.start();
                loops.add(loop);
                return loop;
            }
            return loops.get(index);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<IoLoop> ending;
        lock.lock();
        try {
            closed = true;
            listeners.forEach(TcpListener::close);
            ending = List.copyOf(loops);
        } finally {
            lock.unlock();
        }
        ending.forEach(IoLoop::close);
        ending.forEach(IoLoop::awaitEnd);
    }

    TransportConfig config() {
        return config;
    }

    Clock clock() {
        return environment.clock();
    }

    MemoryRegistry memory() {
        return memory;
    }

    StagingBuffers buffers() {
        return buffers;
    }

    /** Bytes set aside for messages on the peers' word. */
    AtomicLong advance() {
        return advance;
    }
}
