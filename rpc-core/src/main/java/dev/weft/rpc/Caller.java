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
}
