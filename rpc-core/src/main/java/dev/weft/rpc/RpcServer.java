package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.spi.CallRecorder;
import dev.weft.rpc.spi.ForeignProtocol;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.rpc.spi.TransportListener;
import dev.weft.rpc.spi.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Serves implementations of services to other processes.
 *
 * <pre>{@code
 * var server = RpcServer.builder()
 *         .bind(EchoRpc.SERVICE, request -> new EchoReply(request.text()))
 *         .listen("tcp://127.0.0.1:7000")
 *         .start();
 * }</pre>
 *
 * <p>Each request runs on a virtual thread of its own, under its caller's deadline, and is interrupted when its caller has
 * gone. An exception that a handler throws ends that call only. Thread-safe.
 */
public final class RpcServer implements AutoCloseable {
    private final Environment environment;
    private final ServerConfig config;
    private final List<Interceptor> interceptors;
    private final Transports transports;
    private final Dispatcher dispatcher;
    private final RpcMetrics metrics;
    private final List<ForeignProtocol> foreign;
    private final CallRecorder recorder;
    private final List<TransportListener> listeners = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<CallConnection> connections = new LinkedHashSet<>();

    private RpcServer(Builder builder) {
        this.environment = builder.environment;
        this.config = builder.config;
        this.interceptors = List.copyOf(builder.interceptors);
        this.metrics = builder.metrics;
        this.foreign = List.copyOf(builder.foreign);
        this.recorder = builder.recorder;
        this.dispatcher = Dispatcher.of(builder.methods, config.maxCallsInFlight());
        this.transports =
                new Transports(environment, builder.buffers.registry(), config.transport(), builder.transports);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Where the server listens, with real ports, in the order of the builder. */
    public List<Address> addresses() {
        return listeners.stream().map(TransportListener::address).toList();
    }

    /** The first address, as text. */
    public String address() {
        return addresses().getFirst().toString();
    }

    public RpcMetrics metrics() {
        return metrics;
    }

    /**
     * What this server's transports have done so far: counts, and bytes where the name ends in {@code -bytes}, each name after
     * the scheme of its transport, such as {@code rdma.read-bytes}. Only transports that are in use, and that count, are there.
     */
    public SortedMap<String, Long> transportCounters() {
        return transports.counters();
    }

    /** Calls whose handlers have not returned. */
    public int callsInFlight() {
        return dispatcher.inFlight();
    }

    /** Open connections. */
    public int connections() {
        lock.lock();
        try {
            return connections.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops: accepts no more connections or calls, lets those in progress end, then closes.
     *
     * <p>Clients are told and go elsewhere; a call that was on its way is refused as UNAVAILABLE, which is safe to retry.
     *
     * @param patience how long to wait for calls in progress; handlers that run longer are interrupted
     */
    public void shutdown(Duration patience) throws InterruptedException {
        listeners.forEach(TransportListener::close);
        dispatcher.drain();
        snapshot().forEach(CallConnection::goAway);
        Clock clock = environment.clock();
        long deadline = clock.nanoTime() + patience.toNanos();
        while (connections() > 0 && clock.nanoTime() - deadline < 0) {
            clock.sleep(DRAIN_POLL);
        }
        close();
    }

    private static final Duration DRAIN_POLL = Duration.ofMillis(5);

    /** Stops at once: closes all connections and interrupts the handlers. */
    @Override
    public void close() {
        listeners.forEach(TransportListener::close);
        dispatcher.drain();
        snapshot().forEach(connection -> connection.close("the server is closed"));
        transports.close();
    }

    private List<CallConnection> snapshot() {
        lock.lock();
        try {
            return List.copyOf(connections);
        } finally {
            lock.unlock();
        }
    }

    private void listen(List<Address> addresses) throws IOException {
        try {
            for (Address address : addresses) {
                listeners.add(transports.forScheme(address.scheme()).listen(address, this::accept, foreign));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private MessageHandler accept(TransportConnection transport) {
        CallConfig calls = transport.takesCompressed()
                ? config.calls()
                : config.withCompressionBytes(CallConfig.NO_COMPRESSION).calls();
        CallConnection connection =
                new CallConnection(transport, environment, dispatcher, interceptors, calls, recorder);
        lock.lock();
        try {
            connections.add(connection);
        } finally {
            lock.unlock();
        }
        return new MessageHandler() {
            @Override
            public void onMessages(InboundMessage first) {
                connection.onMessages(first);
            }

            @Override
            public void onClosed(String reason) {
                lock.lock();
                try {
                    connections.remove(connection);
                } finally {
                    lock.unlock();
                }
                connection.onClosed(reason);
            }
        };
    }

    /** What a server is made of. */
    public static final class Builder {
        private ServerConfig config = ServerConfig.defaults();
        private Environment environment = Environment.system();
        private BufferPool buffers = BufferPool.shared();
        private CallRecorder recorder = CallRecorder.NONE;
        private final RpcMetrics metrics = new RpcMetrics();
        private final List<Interceptor> interceptors = new ArrayList<>();
        private final List<TransportProvider> transports = new ArrayList<>();
        private final List<ForeignProtocol> foreign = new ArrayList<>();
        private final List<BoundMethod<?, ?, ?>> methods = new ArrayList<>();
        private final List<Address> addresses = new ArrayList<>();

        private Builder() {}

        public Builder config(ServerConfig value) {
            config = value;
            return this;
        }

        public Builder environment(Environment value) {
            environment = value;
            return this;
        }

        /** The pool whose buffers peers can be granted access to over this server's connections. */
        public Builder buffers(BufferPool value) {
            buffers = value;
            return this;
        }

        /** Has every request recorded while {@code value} is on, those that are refused too. */
        public Builder recorder(CallRecorder value) {
            recorder = value;
            return this;
        }

        /** Adds an interceptor; the first added is the outermost. */
        public Builder intercept(Interceptor interceptor) {
            interceptors.add(interceptor);
            return this;
        }

        /** Adds a transport besides those that are found on the path. */
        public Builder transport(TransportProvider provider) {
            transports.add(provider);
            return this;
        }

        /** Answers peers that speak another protocol than Weft's, at the addresses whose transport has byte streams. */
        public Builder foreign(ForeignProtocol protocol) {
            foreign.add(protocol);
            return this;
        }

        /** Serves {@code implementation}, whose methods are called by many threads at once. */
        public <S> Builder bind(ServiceDefinition<S> service, S implementation) {
            for (Method<S, ?, ?> method : service.methods()) {
                methods.add(new BoundMethod<>(method, implementation, metrics.of(method)));
            }
            return this;
        }

        /** Listens at {@code address}, besides others; port 0 has one chosen. */
        public Builder listen(String address) {
            addresses.add(Address.parse(address));
            return this;
        }

        /**
         * Starts to serve.
         *
         * @throws IOException if an address cannot be listened on; nothing is left running then
         */
        public RpcServer start() throws IOException {
            RpcServer server = new RpcServer(this);
            server.listen(addresses);
            return server;
        }
    }
}
