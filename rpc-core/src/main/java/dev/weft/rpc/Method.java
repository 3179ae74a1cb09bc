package dev.weft.rpc;

import dev.weft.serde.Codec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method of a service, as the generated code describes it. Also the key of metrics, limits and interceptors.
 *
 * @param service fully qualified name of the interface
 * @param name name of the method
 * @param id first eight bytes, big-endian, of SHA-256 of {@code service/name}: what travels on the wire
 * @param errors the application errors that the method declares
 */
public record Method<S, Q, R>(
        String service,
        String name,
        long id,
        Codec<Q> requestCodec,
        Codec<R> replyCodec,
        boolean idempotent,
        boolean oneWay,
        List<ApplicationError<?, ?>> errors,
        Invoker<S, Q, R> invoker) {
    public Method {
        errors = List.copyOf(errors);
    }

    /** Calls the method on an implementation of the service. */
    @FunctionalInterface
    public interface Invoker<S, Q, R> {
        R invoke(S implementation, Q request) throws Exception;
    }

    /** Two methods are equal if they have the same name on the wire. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Method<?, ?, ?> method && method.id == id;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    /** For people: {@code Echo/echo}. */
    @Override
    public String toString() {
        return service.substring(service.lastIndexOf('.') + 1) + "/" + name;
    }
}
