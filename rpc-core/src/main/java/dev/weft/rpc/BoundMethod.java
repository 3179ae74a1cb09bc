package dev.weft.rpc;

/** A method together with the object that serves it. */
record BoundMethod<S, Q, R>(Method<S, Q, R> method, S implementation, MethodMetrics metrics) {
    R invoke(Q request) throws Exception {
        return method.invoker().invoke(implementation, request);
    }
}
