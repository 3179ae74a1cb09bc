package dev.weft.rpc;

/**
 * Stands around every call: in a client before the request is encoded, in a server around the handler.
 *
 * <p>Runs on the thread of the call. It may look at the method, request and {@link Context}, change the request or the
 * result, refuse by throwing, or run the rest in a changed context.
 */
@FunctionalInterface
public interface Interceptor {
    <Q, R> R intercept(Method<?, Q, R> method, Q request, Next next) throws Exception;

    /** The rest of the call. */
    interface Next {
        <Q, R> R proceed(Method<?, Q, R> method, Q request) throws Exception;
    }
}
