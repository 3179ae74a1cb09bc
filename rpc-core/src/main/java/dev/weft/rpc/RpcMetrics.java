package dev.weft.rpc;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Metrics of all methods that a client has called or a server offers. Thread-safe. */
public final class RpcMetrics {
    private final ConcurrentHashMap<Method<?, ?, ?>, MethodMetrics> methods = new ConcurrentHashMap<>();

    RpcMetrics() {}

    MethodMetrics of(Method<?, ?, ?> method) {
        MethodMetrics known = methods.get(method);
        return known != null ? known : methods.computeIfAbsent(method, MethodMetrics::new);
    }

    /** All methods, by name. */
    public List<MethodMetrics> methods() {
        Collection<MethodMetrics> all = methods.values();
        return all.stream()
                .sorted(Comparator.comparing(
                        m -> m.method().service() + "/" + m.method().name()))
                .toList();
    }
}
