package dev.weft.rpc;

import java.util.List;
import java.util.function.Function;

/**
 * A service as the generated code describes it: {@code FooRpc.SERVICE}.
 *
 * @param name fully qualified name of the interface
 */
public record ServiceDefinition<S>(
        Class<S> type, String name, List<Method<S, ?, ?>> methods, Function<Caller, S> stubFactory) {
    public ServiceDefinition {
        methods = List.copyOf(methods);
    }

    /** A client-side implementation of the service that makes every call through {@code caller}. */
    public S stub(Caller caller) {
        return stubFactory.apply(caller);
    }
}
