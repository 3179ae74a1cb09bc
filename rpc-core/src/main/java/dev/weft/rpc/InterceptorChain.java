package dev.weft.rpc;

/** Interceptors in order, and what they stand in front of. Made for one call; holds the position by recursion. */
final class InterceptorChain implements Interceptor.Next {
    private final Interceptor[] interceptors;
    private final int position;
    private final Interceptor.Next last;

    InterceptorChain(Interceptor[] interceptors, Interceptor.Next last) {
        this(interceptors, 0, last);
    }

    private InterceptorChain(Interceptor[] interceptors, int position, Interceptor.Next last) {
        this.interceptors = interceptors;
        this.position = position;
        this.last = last;
    }

    @Override
    public <Q, R> R proceed(Method<?, Q, R> method, Q request) throws Exception {
        if (position == interceptors.length) {
            return last.proceed(method, request);
        }
        return interceptors[position].intercept(
                method, request, new InterceptorChain(interceptors, position + 1, last));
    }
}
