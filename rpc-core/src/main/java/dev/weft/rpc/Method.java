package dev.weft.rpc;

import dev.weft.serde.Codec;
import dev.weft.serde.Codecs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method of a service, as the generated code describes it. Also the key of metrics, limits and interceptors.
 *
 * @param service fully qualified name of the interface
 * @param name name of the method
 * @param id first eight bytes, big-endian, of SHA-256 of {@code service/name}: what travels on the wire
 * @param errors the application errors that the method declares
 * @param invoker for a method without streams
 * @param streams null for a method without
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
        Invoker<S, Q, R> invoker,
        @Nullable Streams<S, Q, R, ?, ?> streams) {
    public Method {
        errors = List.copyOf(errors);
    }

    /** A method without streams. */
    public Method(
            String service,
            String name,
            long id,
            Codec<Q> requestCodec,
            Codec<R> replyCodec,
            boolean idempotent,
            boolean oneWay,
            List<ApplicationError<?, ?>> errors,
            Invoker<S, Q, R> invoker) {
        this(service, name, id, requestCodec, replyCodec, idempotent, oneWay, errors, invoker, null);
    }

    /** A method with streams. */
    public Method(
            String service,
            String name,
            long id,
            Codec<Q> requestCodec,
            Codec<R> replyCodec,
            boolean idempotent,
            List<ApplicationError<?, ?>> errors,
            Streams<S, Q, R, ?, ?> streams) {
        this(service, name, id, requestCodec, replyCodec, idempotent, false, errors, withoutStreams(name), streams);
    }

    private static <S, Q, R> Invoker<S, Q, R> withoutStreams(String name) {
        return (implementation, request) -> {
            throw new IllegalStateException(name + " needs its streams");
        };
    }

    /** Calls the method on an implementation of the service. */
    @FunctionalInterface
    public interface Invoker<S, Q, R> {
        R invoke(S implementation, Q request) throws Exception;
    }

    /**
     * The streams of a method.
     *
     * @param readCodec of the items that the implementation reads; {@link Codecs#NOTHING} if it reads none
     * @param writtenCodec of the items that the implementation writes; {@link Codecs#NOTHING} if it writes none
     */
    public record Streams<S, Q, R, I, O>(
            Codec<I> readCodec, Codec<O> writtenCodec, StreamInvoker<S, Q, R, I, O> invoker) {
        boolean reads() {
            return !readCodec.equals(Codecs.NOTHING);
        }

        boolean writes() {
            return !writtenCodec.equals(Codecs.NOTHING);
        }

        /** What the head of a request says of them. */
        int flags() {
            return (reads() ? CallWire.READS_ITEMS : 0) | (writes() ? CallWire.WRITES_ITEMS : 0);
        }
    }

    /** Calls a method with streams on an implementation of the service. */
    @FunctionalInterface
    public interface StreamInvoker<S, Q, R, I, O> {
        R invoke(S implementation, Q request, StreamReader<I> in, StreamWriter<O> out) throws Exception;
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
