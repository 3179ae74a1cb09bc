package dev.weft.rpc.thrift;

import dev.weft.rpc.Caller;
import dev.weft.rpc.Method;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TMultiplexedProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TTransportException;

/**
 * Calls one Thrift service by the client that the Thrift compiler generated, over what Weft calls go over.
 *
 * <pre>{@code
 * try (var rpc = RpcClient.create()) {
 *     var calculator = ThriftClient.of("Calculator", Calculator.Client::new, rpc.peer("rdma://10.0.0.1:7000"));
 *     int sum = calculator.get().add(1, 2);
 * }
 * }</pre>
 *
 * <p>Through a peer of an {@link dev.weft.rpc.RpcClient} it calls what a Weft server hosts by {@link ThriftServices}, over any
 * transport, with the client's connections, interceptors and metrics, and under the caller's {@link dev.weft.rpc.Context}.
 * Through a {@link ThriftPeer} it calls any other Thrift server. A call ends in a value, in an exception of the IDL, in
 * Thrift's {@link org.apache.thrift.TApplicationException} if the server's Thrift says so, or in an {@link
 * dev.weft.rpc.RpcException}. Thread-safe.
 *
 * @param <C> the generated client
 */
public final class ThriftClient<C> {
    /** An IDL has few methods; names that somebody makes up must not fill the memory. */
    private static final int METHODS_MAX = 10_000;

    private final String service;
    private final Function<TProtocol, C> constructor;
    private final Caller caller;
    private final Encoding encoding;
    private final boolean multiplexed;
    private final ThriftConfig config;
    private final ConcurrentHashMap<String, Method<?, ThriftMessage, ThriftMessage>> methods =
            new ConcurrentHashMap<>();

    private ThriftClient(
            String service,
            Function<TProtocol, C> constructor,
            Caller caller,
            Encoding encoding,
            boolean multiplexed,
            ThriftConfig config) {
        this.service = service;
        this.constructor = constructor;
        this.caller = caller;
        this.encoding = encoding;
        this.multiplexed = multiplexed;
        this.config = config;
    }

    /**
     * Calls a service in the compact encoding.
     *
     * @param service the name under which it is hosted
     * @param constructor of the generated client
     */
    public static <C> ThriftClient<C> of(String service, Function<TProtocol, C> constructor, Caller caller) {
        return new ThriftClient<>(service, constructor, caller, Encoding.COMPACT, false, ThriftConfig.defaults());
    }

    public ThriftClient<C> withEncoding(Encoding value) {
        return new ThriftClient<>(service, constructor, caller, value, multiplexed, config);
    }

    /** With limits for answers other than the defaults; its timeout is of no meaning here. */
    public ThriftClient<C> withConfig(ThriftConfig value) {
        return new ThriftClient<>(service, constructor, caller, encoding, multiplexed, value);
    }

    /** Names the service in each message, for a {@link ThriftPeer} that has several. Weft servers know without. */
    public ThriftClient<C> multiplexed() {
        return new ThriftClient<>(service, constructor, caller, encoding, true, config);
    }

    /** A client for the calling thread, as generated clients are for one thread. Cheap: get one for each call. */
    public C get() {
        try {
            TConfiguration limits =
                    new TConfiguration(config.maxFrameBytes(), config.maxFrameBytes(), config.maxDepth());
            CallTransport transport = new CallTransport(caller, this::method, limits);
            TProtocol protocol = encoding.over(transport, config, config.maxFrameBytes());
            return constructor.apply(multiplexed ? new TMultiplexedProtocol(protocol, service) : protocol);
        } catch (TTransportException e) {
            throw new IllegalStateException("memory could not be opened", e);
        }
    }

    private Method<?, ThriftMessage, ThriftMessage> method(MessageHead head) {
        String name = head.method();
        Method<?, ThriftMessage, ThriftMessage> known = methods.get(name);
        if (known != null) {
            return known;
        }
        var method = MethodIds.method(service, name, head.type() == TMessageType.ONEWAY);
        if (methods.size() < METHODS_MAX) {
            methods.put(name, method);
        }
        return method;
    }
}
