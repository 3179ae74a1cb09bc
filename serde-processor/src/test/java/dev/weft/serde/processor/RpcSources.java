package dev.weft.serde.processor;

/** The names of rpc-core that generated code uses, since rpc-core is built after the processor. */
final class RpcSources {
    private RpcSources() {}

    static final String[] ALL = {
        "package dev.weft.rpc; public @interface RpcService {}",
        "package dev.weft.rpc; public @interface Idempotent {}",
        "package dev.weft.rpc; public @interface OneWay {}",
        """
        package dev.weft.rpc;
        public interface Caller {
            <Q, R> R call(Method<?, Q, R> method, Q request);
            <Q, R, I, O> R call(Method<?, Q, R> method, Q request, StreamReader<I> in, StreamWriter<O> out);
        }
        """,
        "package dev.weft.rpc; public class RpcException extends RuntimeException {}",
        """
        package dev.weft.rpc;
        public record ApplicationError<E extends Exception, D>(
                long id, Class<E> type, dev.weft.serde.Codec<D> codec,
                java.util.function.Function<E, D> detail, java.util.function.Function<D, E> create) {}
        """,
        """
        package dev.weft.rpc;
        public interface StreamReader<T> { static <T> StreamReader<T> empty() { return null; } }
        """,
        """
        package dev.weft.rpc;
        public interface StreamWriter<T> { static <T> StreamWriter<T> none() { return null; } }
        """,
        """
        package dev.weft.rpc;
        public record Method<S, Q, R>(
                String service, String name, long id,
                dev.weft.serde.Codec<Q> requestCodec, dev.weft.serde.Codec<R> replyCodec,
                boolean idempotent, boolean oneWay,
                java.util.List<ApplicationError<?, ?>> errors, Invoker<S, Q, R> invoker) {
            public interface Invoker<S, Q, R> { R invoke(S implementation, Q request) throws Exception; }
            public Method(
                    String service, String name, long id,
                    dev.weft.serde.Codec<Q> requestCodec, dev.weft.serde.Codec<R> replyCodec,
                    boolean idempotent,
                    java.util.List<ApplicationError<?, ?>> errors, Streams<S, Q, R, ?, ?> streams) {
                this(service, name, id, requestCodec, replyCodec, idempotent, false, errors, (s, q) -> null);
            }
            public record Streams<S, Q, R, I, O>(
                    dev.weft.serde.Codec<I> readCodec, dev.weft.serde.Codec<O> writtenCodec,
                    StreamInvoker<S, Q, R, I, O> invoker) {}
            public interface StreamInvoker<S, Q, R, I, O> {
                R invoke(S implementation, Q request, StreamReader<I> in, StreamWriter<O> out) throws Exception;
            }
        }
        """,
        """
        package dev.weft.rpc;
        public record ServiceDefinition<S>(
                Class<S> type, String name, java.util.List<Method<S, ?, ?>> methods,
                java.util.function.Function<Caller, S> stubFactory) {}
        """,
    };

    static String[] with(String... sources) {
        String[] all = java.util.Arrays.copyOf(ALL, ALL.length + sources.length);
        System.arraycopy(sources, 0, all, ALL.length, sources.length);
        return all;
    }
}
