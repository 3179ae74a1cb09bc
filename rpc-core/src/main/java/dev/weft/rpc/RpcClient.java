package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecorder;
import dev.weft.rpc.spi.TransportProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls services of other processes.
 *
 * <pre>{@code
 * try (var client = RpcClient.create()) {
 *     Echo echo = client.stub(EchoRpc.SERVICE, "tcp://127.0.0.1:7000");
 *     EchoReply reply = echo.echo(new EchoRequest("hello"));
 * }
 * }</pre>
 *
 * <p>Connections are made when first needed, kept, and made again when they break. Thread-safe; one client serves a whole
 * process. Calls block the calling thread, which should be virtual.
 */
public final class RpcClient implements AutoCloseable {
    private final ClientConfig config;
    private final Environment environment;
    private final Interceptor[] interceptors;
    private final Transports transports;
    private final RpcMetrics metrics = new RpcMetrics();
    private final CallRecorder recorder;
    private final ConcurrentHashMap<List<Address>, PeerPool> pools = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private RpcClient(Builder builder) {
        this.config = builder.config;
        this.environment = builder.environment;
        this.recorder = builder.recorder;
        this.interceptors = builder.interceptors.toArray(Interceptor[]::new);
        this.transports =
                new Transports(environment, builder.buffers.registry(), config.transport(), builder.transports);
    }

    /** A client with the defaults. */
    public static RpcClient create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * A service of the peer that listens at {@code addresses}: several addresses of one peer, best first, of which any
     * that works is used.
     */
    public <S> S stub(ServiceDefinition<S> service, String... addresses) {
        return service.stub(peer(addresses));
    }

    /** The peer that listens at {@code addresses}; for transfers, and to make stubs of. */
    public Peer peer(String... addresses) {
        return peer(Arrays.asList(addresses));
    }

    /** The peer that listens at {@code addresses}. */
    public Peer peer(List<String> addresses) {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        List<Address> parsed = addresses.stream().map(Address::parse).toList();
        return pools.computeIfAbsent(
                parsed, list -> new PeerPool(list, config, environment, transports, interceptors, metrics, recorder));
    }

    /**
     * Ends the connections to a peer: calls in progress fail with CONNECTION_LOST, and the next one connects again. For
     * callers who know better than the network that a peer is gone; a machine that stands still closes nothing itself.
     *
     * @param addresses as for {@link #peer(List)}
     */
    public void disconnect(List<String> addresses, String why) {
        PeerPool pool = pools.get(addresses.stream().map(Address::parse).toList());
        if (pool != null) {
            pool.disconnect(why);
        }
    }

    public RpcMetrics metrics() {
        return metrics;
    }

    /**
     * What this client's transports have done so far: counts, and bytes where the name ends in {@code -bytes}, each name after
     * the scheme of its transport, such as {@code rdma.read-bytes}. Only transports that are in use, and that count, are there.
     */
    public SortedMap<String, Long> transportCounters() {
        return transports.counters();
    }

    /** Closes all connections; calls in progress fail with CONNECTION_LOST. */
    @Override
    public void close() {
        closed = true;
        pools.values().forEach(PeerPool::close);
        transports.close();
    }

    /** What a client is made of. */
    public static final class Builder {
        private ClientConfig config = ClientConfig.defaults();
        private Environment environment = Environment.system();
        private BufferPool buffers = BufferPool.shared();
        private CallRecorder recorder = CallRecorder.NONE;
        private final List<Interceptor> interceptors = new ArrayList<>();
        private final List<TransportProvider> transports = new ArrayList<>();

        private Builder() {}

        public Builder config(ClientConfig value) {
            config = value;
            return this;
        }

        public Builder environment(Environment value) {
            environment = value;
            return this;
        }

        /** The pool whose buffers peers can be granted access to over this client's connections. */
        public Builder buffers(BufferPool value) {
            buffers = value;
            return this;
        }

        /** Has every call recorded while {@code value} is on; of one that is repeated, its last attempt. */
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

        public RpcClient build() {
            return new RpcClient(this);
        }
    }
}
