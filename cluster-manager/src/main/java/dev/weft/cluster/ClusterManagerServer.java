package dev.weft.cluster;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import dev.weft.kv.KeyValueStore;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The cluster manager: one per cluster for now, the only writer of its part of the store.
 *
 * <pre>{@code
 * var manager = new ClusterManagerServer(ClusterManagerConfig.defaults(), Environment.system(), store);
 * manager.start();
 * rpcServer.bind(ClusterManagerRpc.SERVICE, manager);
 * }</pre>
 *
 * <p>A change is stored before anyone hears of it. Thread-safe; calls block while a change is being stored, and calls for
 * routing while there is nothing new. The store stays the caller's to close.
 */
public final class ClusterManagerServer implements ClusterManager, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClusterManagerServer.class.getName());

    private final ClusterManagerConfig config;
    private final Environment environment;
    private final ClusterMapStore store;
    private final RoutingBoard board;
    private final Thread checker;

    /** Guards {@code state} and is held while a change is stored, so that versions are stored in order. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Null until started. */
    private @Nullable ClusterState state;

    private volatile boolean closed;

    public ClusterManagerServer(ClusterManagerConfig config, Environment environment, KeyValueStore store) {
        this.config = config;
        this.environment = environment;
        this.store = new ClusterMapStore(store);
        this.board = new RoutingBoard(environment.clock(), config.waitersMax());
        this.checker = environment.threads().newThread(this::checkUntilClosed);
    }

    /** Loads what was stored and begins to watch the nodes. */
    public void start() throws InterruptedException {
        ClusterMap stored = store.load();
        lock.lock();
        try {
            state = new ClusterState(config, stored, environment.clock().nanoTime());
            board.post(stored.routing());
        } finally {
            lock.unlock();
        }
        checker.start();
    }

    @Override
    public HeartbeatReply heartbeat(HeartbeatRequest request) {
        change(now -> state().heartbeat(request, now));
        return new HeartbeatReply(config.lease(), newerThan(request.routingVersion()));
    }

    @Override
    public RoutingReply routing(RoutingRequest request) {
        if (request.patience().isNegative()) {
            throw new RpcException(StatusCode.INVALID_ARGUMENT, "patience " + request.patience() + " is negative");
        }
        boolean tooLong = request.patience().compareTo(config.patienceMax()) > 0;
        try {
            return new RoutingReply(
                    board.awaitNewerThan(request.knownVersion(), tooLong ? config.patienceMax() : request.patience()));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public StatusReply status() {
        lock.lock();
        try {
            return state().status(environment.clock().nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** Stops watching and answers those who wait for routing. */
    @Override
    public void close() {
        closed = true;
        board.close();
        checker.interrupt();
        try {
            checker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Feeds the state with something, then stores and posts what follows from it. */
    private void change(LongFunction<Optional<Refusal>> event) {
        lock.lock();
        try {
            long now = environment.clock().nanoTime();
            Optional<Refusal> refusal = event.apply(now);
            if (refusal.isPresent()) {
                throw refusal.get().toException();
            }
            ClusterState current = state();
            ClusterMap next = current.propose(now);
            if (next.version() > current.map().version()) {
                store.save(current.map(), next);
                current.adopt(next);
                board.post(next.routing());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<RoutingInfo> newerThan(long version) {
        return Optional.of(board.current()).filter(routing -> routing.version() > version);
    }

    private void checkUntilClosed() {
        try {
            while (!closed) {
                environment.clock().sleep(config.checkInterval());
                try {
                    change(now -> Optional.empty());
                } catch (RpcException e) {
                    if (!closed) {
                        LOG.log(System.Logger.Level.ERROR, "cannot store a change of the cluster; will try again", e);
                    }
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread, and it ends here.
            Thread.currentThread().interrupt();
        }
    }

    private ClusterState state() {
        ClusterState current = state;
        if (current == null) {
            throw new RpcException(StatusCode.UNAVAILABLE, "the cluster manager has not started yet");
        }
        return current;
    }

    private static RpcException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RpcException(StatusCode.CANCELLED, "interrupted", e);
    }
}
