package dev.weft.rpc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The services of one server: finds methods, counts calls in progress, refuses what is too much. Thread-safe. */
final class Dispatcher {
    /** What a client serves on its connections: nothing. */
    static final Dispatcher NONE = new Dispatcher(Map.of(), 1);

    private final BoundMethod<?, ?, ?>[] table;
    private final int limit;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean draining;

    private Dispatcher(Map<Long, BoundMethod<?, ?, ?>> methods, int limit) {
        this.limit = limit;
        this.table = new BoundMethod<?, ?, ?>[Integer.highestOneBit(Math.max(1, methods.size())) * 4];
        for (BoundMethod<?, ?, ?> method : methods.values()) {
            int i = slot(method.method().id());
            while (table[i] != null) {
                i = (i + 1) & (table.length - 1);
            }
            table[i] = method;
        }
    }

    static Dispatcher of(List<BoundMethod<?, ?, ?>> methods, int limit) {
        Map<Long, BoundMethod<?, ?, ?>> byId = new HashMap<>();
        for (BoundMethod<?, ?, ?> method : methods) {
            BoundMethod<?, ?, ?> other = byId.putIfAbsent(method.method().id(), method);
            if (other != null) {
                throw new IllegalArgumentException(
                        method.method() + " has the same id as " + other.method() + ", or is bound twice");
            }
        }
        return new Dispatcher(byId, limit);
    }

    @Nullable
    BoundMethod<?, ?, ?> find(long methodId) {
        int i = slot(methodId);
        BoundMethod<?, ?, ?> found = table[i];
        while (found != null && found.method().id() != methodId) {
            i = (i + 1) & (table.length - 1);
            found = table[i];
        }
        return found;
    }

    /** Counts a call in; the reason if it may not run. */
    @Nullable
    RpcException begin() {
        int count = inFlight.incrementAndGet();
        if (draining) {
            inFlight.decrementAndGet();
            return new RpcException(StatusCode.UNAVAILABLE, "the server is shutting down");
        }
        if (count > limit) {
            inFlight.decrementAndGet();
            return new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED, "the server's limit of " + limit + " calls in flight");
        }
        return null;
    }

    void end() {
        inFlight.decrementAndGet();
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Refuses all calls from now on. */
    void drain() {
        draining = true;
    }

    private int slot(long methodId) {
        return (int) (methodId ^ methodId >>> 32) & (table.length - 1);
    }
}
