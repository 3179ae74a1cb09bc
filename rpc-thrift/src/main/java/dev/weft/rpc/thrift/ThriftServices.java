package dev.weft.rpc.thrift;

import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServiceDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.thrift.ProcessFunction;
import org.apache.thrift.TBase;
import org.apache.thrift.TBaseProcessor;

/**
 * Thrift services that a Weft server hosts.
 *
 * <pre>{@code
 * var thrift = ThriftServices.builder()
 *         .service("Calculator", Calculator.Processor::new, new MyCalculator())
 *         .build();
 * var server = thrift.addTo(RpcServer.builder()).listen("tcp://0.0.0.0:7000").start();
 * }</pre>
 *
 * <p>At addresses of TCP and Unix sockets any Thrift client can call them: framed, in strict binary or compact encoding, beside
 * Weft clients of the same port. Weft clients call them at any address, by {@link ThriftClient}. Each Thrift method is a method
 * of the server as others are, {@code thrift.Calculator/add}: interceptors, limits, deadlines and metrics apply to it, and its
 * handler runs on a virtual thread of its own. Immutable.
 */
public final class ThriftServices {
    private final Map<String, List<HostedMethod<?>>> services;
    private final ThriftConfig config;

    private ThriftServices(Builder builder) {
        this.services = Map.copyOf(builder.services);
        this.config = builder.config;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Has {@code server} serve these, for Weft and Thrift clients. Once for one server. */
    public RpcServer.Builder addTo(RpcServer.Builder server) {
        Map<String, Long> methodIds = new HashMap<>();
        services.forEach((service, methods) -> {
            for (HostedMethod<?> method : methods) {
                server.bind(definition(service, method), method);
                long id = MethodIds.id(service, method.name());
                methodIds.put(service + ":" + method.name(), id);
                if (services.size() == 1) {
                    methodIds.put(method.name(), id);
                }
            }
        });
        return server.foreign(new ThriftProtocol(methodIds, config));
    }

    @SuppressWarnings("unchecked") // a class has no type arguments at run time
    private static ServiceDefinition<HostedMethod<?>> definition(String service, HostedMethod<?> method) {
        return new ServiceDefinition<>(
                (Class<HostedMethod<?>>) (Class<?>) HostedMethod.class,
                MethodIds.weftName(service),
                List.of(MethodIds.method(service, method.name(), false)),
                caller -> {
                    throw new UnsupportedOperationException("Thrift services are called by ThriftClient");
                });
    }

    /** What is hosted. */
    public static final class Builder {
        private final Map<String, List<HostedMethod<?>>> services = new LinkedHashMap<>();
        private ThriftConfig config = ThriftConfig.defaults();

        private Builder() {}

        /** The limits, for services that are added after this. */
        public Builder config(ThriftConfig value) {
            config = value;
            return this;
        }

        /**
         * Adds a service.
         *
         * @param name by which clients choose it: of the only service, they need not; of one of several, they write {@code
         *     name:method}, as {@link org.apache.thrift.protocol.TMultiplexedProtocol} does
         * @param processor the constructor of the generated processor
         * @param implementation called by many threads at once
         */
        public <I> Builder service(String name, Function<I, ? extends TBaseProcessor<I>> processor, I implementation) {
            if (name.isEmpty() || name.indexOf(':') >= 0 || services.containsKey(name)) {
                throw new IllegalArgumentException("service name '" + name + "' is empty, has a colon or is taken");
            }
            List<HostedMethod<?>> methods = new ArrayList<>();
            Map<String, ?> functions = processor.apply(implementation).getProcessMapView();
            functions.forEach((method, function) ->
                    methods.add(new HostedMethod<>(method, Builder.<I>typed(function), implementation, config)));
            services.put(name, methods);
            return this;
        }

        @SuppressWarnings("unchecked") // the map that was made for this implementation has nothing else
        private static <I> ProcessFunction<I, ? extends TBase<?, ?>> typed(Object function) {
            return (ProcessFunction<I, ? extends TBase<?, ?>>) function;
        }

        public ThriftServices build() {
            return new ThriftServices(this);
        }
    }
}
