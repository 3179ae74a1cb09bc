package dev.weft.api.cluster.routing;

import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Context;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls the primary of several cluster managers.
 *
 * <pre>{@code
 * var finder = new PrimaryFinder<>(
 *         addresses, address -> client.stub(ClusterManagerRpc.SERVICE, address), Duration.ofSeconds(2), clock);
 * StatusReply status = finder.call(Duration.ZERO, ClusterManager::status);
 * }</pre>
 *
 * <p>It begins with the manager that answered last, goes where a manager that is not the primary sends it, and from one
 * that does not answer in time to the next. A call asks each manager once at most: the caller, who knows how long it may
 * wait, tries again. Thread-safe.
 *
 * @param <S> a service of the managers
 */
public final class PrimaryFinder<S> {
    private final List<String> addresses;
    private final Function<String, S> connect;
    private final Duration patience;
    private final Clock clock;
    private final Map<String, S> stubs = new ConcurrentHashMap<>();

    /** Written by any caller; which one it names is a matter of speed only. */
    private volatile String last;

    /**
     * @param addresses of the managers
     * @param connect makes a stub; must not block
     * @param patience how long one manager may take to answer
     */
    public PrimaryFinder(List<String> addresses, Function<String, S> connect, Duration patience, Clock clock) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses of cluster managers are missing");
        }
        this.addresses = List.copyOf(addresses);
        this.connect = connect;
        this.patience = patience;
        this.clock = clock;
        this.last = this.addresses.getFirst();
    }

    /** Where the manager that answered last listens. */
    public String address() {
        return last;
    }

    /**
     * Makes one call.
     *
     * @param holds how long the manager may hold the call by itself, beyond the patience
     * @throws RpcException what the primary answered; or, if none was found, UNAVAILABLE with a {@link NotPrimaryException}
     *     as its cause if some manager is there, or else what the last one asked ended with
     */
    public <R> R call(Duration holds, Function<S, R> call) {
        Deque<String> next = new ArrayDeque<>();
        next.add(last);
        int from = addresses.indexOf(last);
        for (int i = 1; i <= addresses.size(); i++) {
            next.add(addresses.get((from + i) % addresses.size()));
        }
        Set<String> asked = new HashSet<>();
        @Nullable RpcException failure = null;
        while (!next.isEmpty()) {
            String address = next.removeFirst();
            if (!asked.add(address)) {
                continue;
            }
            try {
                S manager = stubs.computeIfAbsent(address, connect);
                R result = Context.current()
                        .withTimeout(patience.plus(holds), clock)
                        .call(() -> call.apply(manager));
                last = address;
                return result;
            } catch (NotPrimaryException e) {
                failure = new RpcException(StatusCode.UNAVAILABLE, address + ": " + e.getMessage(), e);
                e.detail().addresses().reversed().forEach(next::addFirst);
            } catch (RpcException e) {
                if (!isAway(e) || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                failure = failure != null && failure.getCause() instanceof NotPrimaryException ? failure : e;
            }
        }
        // The next call begins elsewhere, should this one have run into a manager that hangs.
        last = addresses.get((addresses.indexOf(last) + 1) % addresses.size());
        throw failure != null ? failure : new RpcException(StatusCode.UNAVAILABLE, "no cluster manager to ask");
    }

    private static boolean isAway(RpcException e) {
        return switch (e.code()) {
            case UNAVAILABLE, CONNECTION_LOST, DEADLINE_EXCEEDED, UNIMPLEMENTED -> true;
            default -> false;
        };
    }
}
