package dev.weft.rpc;

/**
 * What a stub calls through: one connection, a pool of them, or a chain of interceptors in front of one.
 *
 * <p>Thread-safe. Blocks the calling thread, which should be virtual.
 */
@FunctionalInterface
public interface Caller {
    /**
     * Makes one call and waits for its result; a one-way call returns when the request is handed to the connection.
     *
     * @throws RpcException if there is no result; a declared application error is its cause. When the thread was
     *     interrupted the code is {@link StatusCode#CANCELLED} and the thread's interrupt status is set again.
     */
    <Q, R> R call(Method<?, Q, R> method, Q request);

    /**
     * Makes one call with streams and waits for its end. Meanwhile what comes goes to {@code out}, on the calling thread; what
     * is sent comes from {@code in}, on a thread that has ended when this returns: it is interrupted if the call ends first.
     *
     * @param in empty if the method is sent no items
     * @param out not used if the method sends none
     * @throws RpcException as {@link #call}; what {@code out} throws is thrown here, and cancels the call
     */
    default <Q, R, I, O> R call(Method<?, Q, R> method, Q request, StreamReader<I> in, StreamWriter<O> out) {
        throw new RpcException(StatusCode.UNIMPLEMENTED, method + " has streams, which cannot be called through here");
    }
}
