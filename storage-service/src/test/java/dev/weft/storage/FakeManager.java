package dev.weft.storage;

import static java.util.Objects.requireNonNull;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.Filling;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A cluster manager that publishes what the test says: one chain, whose target on node n is n. */
final class FakeManager implements ClusterManager {
    static final int CHAIN = 1;
    private static final Duration LEASE = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, LocalState> reports = new HashMap<>();
    private final Map<Long, Filling> fillings = new HashMap<>();
    private RoutingInfo routing = new RoutingInfo(0, List.of(), List.of());
    private boolean reachable = true;

    /** Publishes a chain of the given targets and states; the version grows by one. */
    Chain publish(ChainTarget... targets) {
        lock.lock();
        try {
            long version = routing.version() + 1;
            Chain chain = new Chain(CHAIN, (int) version, List.of(targets));
            List<NodeInfo> nodes = new ArrayList<>();
            for (int node = 1; node <= 3; node++) {
                nodes.add(new NodeInfo(node, NodeRole.STORAGE, List.of(), true));
            }
            routing = new RoutingInfo(version, nodes, List.of(chain));
            changed.signalAll();
            return chain;
        } finally {
            lock.unlock();
        }
    }

    static ChainTarget target(int node, PublicState state) {
        return new ChainTarget(node, node, state);
    }

    RoutingInfo current() {
        lock.lock();
        try {
            return routing;
        } finally {
            lock.unlock();
        }
    }

    void setReachable(boolean value) {
        lock.lock();
        try {
            reachable = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the target's last report has the state. */
    void await(long target, LocalState state) throws InterruptedException {
        lock.lock();
        try {
            while (reports.get(target) != state) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    Filling awaitFilling(long target) throws InterruptedException {
        lock.lock();
        try {
            while (!fillings.containsKey(target)) {
                changed.await();
            }
            return requireNonNull(fillings.get(target));
        } finally {
            lock.unlock();
        }
    }

    void awaitNoFilling(long target) throws InterruptedException {
        lock.lock();
        try {
            while (fillings.containsKey(target)) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    void forgetReport(long target) {
        lock.lock();
        try {
            reports.remove(target);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public HeartbeatReply heartbeat(HeartbeatRequest request) {
        lock.lock();
        try {
            requireReachable();
            for (LocalTarget target : request.targets()) {
                reports.put(target.targetId(), target.state());
                fillings.remove(target.targetId());
                target.filling().ifPresent(filling -> fillings.put(target.targetId(), filling));
            }
            changed.signalAll();
            return new HeartbeatReply(LEASE, newerThan(request.routingVersion()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public RoutingReply routing(RoutingRequest request) {
        lock.lock();
        try {
            requireReachable();
            long nanos = request.patience().toNanos();
            while (routing.version() <= request.knownVersion() && nanos > 0 && reachable) {
                nanos = changed.awaitNanos(nanos);
            }
            requireReachable();
            return new RoutingReply(newerThan(request.knownVersion()));
        } catch (InterruptedException e) {
            throw Faults.cancelled(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StatusReply status() {
        return new StatusReply(current(), List.of());
    }

    private Optional<RoutingInfo> newerThan(long version) {
        return routing.version() > version ? Optional.of(routing) : Optional.empty();
    }

    private void requireReachable() {
        if (!reachable) {
            throw new RpcException(StatusCode.UNAVAILABLE, "the manager is cut off");
        }
    }
}
