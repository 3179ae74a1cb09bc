package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Connections between hosts of one process. All fields are guarded by the lock, which callers hold. */
final class LocalConnections implements Connections {
    private static final int EPHEMERAL_PORT_MIN = 49_152;
    private static final int PORT_MAX = 65_535;

    private final SoftwareFabric fabric;
    private final ReentrantLock lock = new ReentrantLock();

    private final Set<SoftwareCmId> listeners = new LinkedHashSet<>();

    /** Those that get no answer, with the time at which they give up. */
    private final Map<SoftwareCmId, Long> unanswered = new LinkedHashMap<>();

    /** All that were resolved, accepted or requested: they hear of the loss of their device. */
    private final Set<SoftwareCmId> known = new LinkedHashSet<>();

    private int nextPort = EPHEMERAL_PORT_MIN;

    LocalConnections(SoftwareFabric fabric) {
        this.fabric = fabric;
    }

    @Override
    public ReentrantLock lock() {
        return lock;
    }

    private Faults faults() {
        return fabric.faults();
    }

    private long now() {
        return fabric.environment().clock().nanoTime();
    }

    private void at(long nanos, Runnable task) {
        fabric.environment().clock().schedule(nanos, () -> {
            lock.lock();
            try {
                task.run();
            } finally {
                lock.unlock();
            }
        });
    }

    /** Delivers a message to an id, after those that are under way to it. */
    private void deliver(SoftwareCmId to, Runnable message) {
        long due = faults().dueNanos(to.dueNanos);
        if (due == 0 && to.dueNanos - now() <= 0) {
            message.run();
        } else {
            to.dueNanos = Math.max(due, to.dueNanos);
            at(to.dueNanos, message);
        }
    }

    @Override
    public void listen(SoftwareCmId id) throws IOException {
        InetSocketAddress wanted = source(id);
        InetSocketAddress address =
                wanted.getPort() == 0 ? new InetSocketAddress(wanted.getAddress(), freePort()) : wanted;
        for (SoftwareCmId other : listeners) {
            if (other.provider() == id.provider() && overlap(source(other), address)) {
                throw Errno.EADDRINUSE.because(address + " is listened on already");
            }
        }
        id.source = address;
        listeners.add(id);
        known.add(id);
    }

    private static InetSocketAddress source(SoftwareCmId id) {
        InetSocketAddress source = id.source;
        if (source == null) {
            throw new IllegalStateException("an id that is " + id.state + " has no address");
        }
        return source;
    }

    private static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort()
                && (one.getAddress().isAnyLocalAddress()
                        || other.getAddress().isAnyLocalAddress()
                        || one.getAddress().equals(other.getAddress()));
    }

    private int freePort() {
        int port = nextPort;
        nextPort = port == PORT_MAX ? EPHEMERAL_PORT_MIN : port + 1;
        return port;
    }

    @Override
    public void resolve(SoftwareCmId id, int timeoutMillis) throws IOException {
        InetSocketAddress destination = id.destination;
        if (destination == null) {
            throw id.wrongState("rdma_resolve_addr");
        }
        SoftwareDevice device =
                id.context != null ? id.context.device() : id.provider().deviceTowards(destination.getAddress());
        if (device == null) {
            throw Errno.ENETUNREACH.because("no device of this host reaches " + destination);
        }
        if (id.context == null) {
            id.setContext(device.context());
        }
        int port = id.source == null || id.source.getPort() == 0 ? freePort() : id.source.getPort();
        id.source = new InetSocketAddress(device.addressTowards(destination.getAddress(), id.source), port);
        known.add(id);
        if (fabric.deviceAt(destination.getAddress()) == null) {
            id.state = SoftwareCmId.State.ENDED;
            at(
                    now() + TimeUnit.MILLISECONDS.toNanos(Math.max(0, timeoutMillis)),
                    () -> end(id, EventType.RDMA_CM_EVENT_ADDR_ERROR, -Errno.ETIMEDOUT.number()));
            return;
        }
        id.state = SoftwareCmId.State.ADDRESS_RESOLVED;
        id.post(EventType.RDMA_CM_EVENT_ADDR_RESOLVED, 0, null);
    }

    private static void end(SoftwareCmId id, EventType type, int status) {
        if (id.state != SoftwareCmId.State.DESTROYED) {
            id.state = SoftwareCmId.State.ENDED;
            id.post(type, status, null);
        }
    }

    @Override
    public void connect(SoftwareCmId id) {
        unanswered.put(id, now() + faults().connectNanos());
        at(now() + faults().connectNanos(), () -> request(id));
        deliver(id, () -> request(id));
    }

    /** Tries to get the request of an id to whoever listens. */
    private void request(SoftwareCmId id) {
        Long giveUp = unanswered.get(id);
        SoftwareContext context = id.context;
        InetSocketAddress destination = id.destination;
        if (giveUp == null || context == null || destination == null) {
            return;
        }
        SoftwareDevice target = fabric.deviceAt(destination.getAddress());
        if (target != null && target.provider() != null && faults().connected(context.device(), target)) {
            unanswered.remove(id);
            request(id, target, destination);
        } else if (giveUp - now() <= 0) {
            unanswered.remove(id);
            end(id, EventType.RDMA_CM_EVENT_UNREACHABLE, -Errno.ETIMEDOUT.number());
        }
    }

    private void request(SoftwareCmId id, SoftwareDevice target, InetSocketAddress destination) {
        SoftwareCmId listener = listener(target, destination);
        if (listener == null) {
            reject(id, REJECTED_NO_LISTENER, ConnectData.NO_REASON);
            return;
        }
        if (listener.waiting >= listener.backlog) {
            reject(id, REJECTED_BY_CONSUMER, ConnectData.NO_REASON);
            return;
        }
        SoftwareCmId child;
        try {
            child = new SoftwareCmId(listener.events(), RdmaCm.RDMA_PS_TCP);
            child.setContext(target.context());
        } catch (IOException e) {
            reject(id, REJECTED_BY_CONSUMER, ConnectData.NO_REASON); // the device was lost just now
            return;
        }
        listener.provider().ledger().made(Ledger.Kind.ID);
        child.state = SoftwareCmId.State.REQUESTED;
        child.source = destination;
        child.destination = id.source;
        child.requested = id.wanted;
        child.settings = listener.settings;
        child.peer = id;
        child.listener = listener;
        id.peer = child;
        known.add(child);
        listener.waiting++;
        child.events().put(SoftwareCmEvent.of(EventType.RDMA_CM_EVENT_CONNECT_REQUEST, listener, child, 0, id.wanted));
    }

    private @Nullable SoftwareCmId listener(SoftwareDevice target, InetSocketAddress destination) {
        for (SoftwareCmId listener : listeners) {
            boolean lost = listener.context != null && listener.context.isLost();
            if (!lost && listener.provider() == target.provider() && overlap(source(listener), destination)) {
                return listener;
            }
        }
        return null;
    }

    private void reject(SoftwareCmId active, int status, ConnectData reason) {
        deliver(active, () -> {
            if (active.state == SoftwareCmId.State.CONNECTING) {
                if (active.queuePair != null) {
                    active.queuePair.core().fail();
                }
                active.state = SoftwareCmId.State.ENDED;
                active.post(EventType.RDMA_CM_EVENT_REJECTED, status, reason);
            }
        });
    }

    @Override
    public void reject(SoftwareCmId id, ConnectData reason) {
        unlist(id);
        if (id.peer != null) {
            reject(id.peer, REJECTED_BY_CONSUMER, reason);
        }
    }

    @Override
    public void accept(SoftwareCmId id) throws IOException {
        SoftwareCmId active = id.peer;
        SoftwareQp own = id.queuePair;
        unlist(id);
        if (own == null || active == null || active.state != SoftwareCmId.State.CONNECTING) {
            end(id, EventType.RDMA_CM_EVENT_CONNECT_ERROR, -Errno.ETIMEDOUT.number());
            return;
        }
        if (!connected(id, active)) {
            at(now() + faults().connectNanos(), () -> {
                end(id, EventType.RDMA_CM_EVENT_UNREACHABLE, -Errno.ETIMEDOUT.number());
                end(active, EventType.RDMA_CM_EVENT_UNREACHABLE, -Errno.ETIMEDOUT.number());
            });
            return;
        }
        SoftwareQp other = active.queuePair;
        if (other == null || !join(own.core(), other.core(), id, active)) {
            throw Errno.EINVAL.because("rdma_accept with a queue pair in state " + own.getState());
        }
        id.state = SoftwareCmId.State.CONNECTED;
        deliver(active, () -> establish(active, id, other.core(), own.core()));
        deliver(id, () -> {
            if (id.state == SoftwareCmId.State.CONNECTED) {
                id.post(EventType.RDMA_CM_EVENT_ESTABLISHED, 0, null);
            }
        });
    }

    private void establish(SoftwareCmId active, SoftwareCmId passive, QueuePair own, QueuePair other) {
        if (active.state != SoftwareCmId.State.CONNECTING || !join(own, other, active, passive)) {
            return;
        }
        active.state = SoftwareCmId.State.CONNECTED;
        active.post(EventType.RDMA_CM_EVENT_ESTABLISHED, 0, passive.wanted);
        other.progress();
    }

    private static boolean join(QueuePair own, QueuePair other, SoftwareCmId id, SoftwareCmId peer) {
        ConnectData wants = id.wanted;
        ConnectData given = peer.wanted;
        if (wants == null || given == null) {
            throw new IllegalStateException("an id that connects has not said what it wants");
        }
        return own.connect(new LocalPath(own, other), PathSettings.agree(other.number(), wants, given, id.settings));
    }

    private boolean connected(SoftwareCmId one, SoftwareCmId other) {
        return one.context != null
                && other.context != null
                && !one.context.isLost()
                && !other.context.isLost()
                && faults().connected(one.context.device(), other.context.device());
    }

    private void unlist(SoftwareCmId child) {
        if (child.listener != null) {
            child.listener.waiting--;
            child.listener = null;
        }
    }

    @Override
    public void disconnect(SoftwareCmId id) {
        hangUp(id);
        end(id, EventType.RDMA_CM_EVENT_DISCONNECTED, 0);
    }

    private void hangUp(SoftwareCmId id) {
        SoftwareCmId peer = id.peer;
        if (peer != null && connected(id, peer)) {
            deliver(peer, () -> {
                if (peer.state == SoftwareCmId.State.CONNECTED) {
                    end(peer, EventType.RDMA_CM_EVENT_DISCONNECTED, 0);
                }
            });
        }
    }

    @Override
    public void destroy(SoftwareCmId id) {
        switch (id.state) {
            case LISTENING -> {
                listeners.remove(id);
                rejectAllOf(id);
            }
            case REQUESTED -> reject(id, ConnectData.NO_REASON);
            case CONNECTED -> hangUp(id);
            case IDLE, BOUND, ADDRESS_RESOLVED, ROUTE_RESOLVED, CONNECTING, ENDED, DESTROYED -> unanswered.remove(id);
        }
        known.remove(id);
        id.events().forget(id, event -> {});
    }

    /** Requests that the listener has not fetched yet go with it. */
    private void rejectAllOf(SoftwareCmId listener) {
        List<SoftwareCmId> children = new ArrayList<>();
        listener.events().forget(listener, event -> children.add(event.about()));
        for (SoftwareCmId child : children) {
            if (child != listener) {
                destroy(child);
                child.end();
                listener.provider().ledger().freed(Ledger.Kind.ID);
            }
        }
    }

    @Override
    public void retryAll() {
        lock.lock();
        try {
            List.copyOf(unanswered.keySet()).forEach(this::request);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        // Nothing runs.
    }

    @Override
    public void lost(SoftwareContext context) {
        lock.lock();
        try {
            for (SoftwareCmId id : known) {
                if (id.context == context) {
                    id.post(EventType.RDMA_CM_EVENT_DEVICE_REMOVAL, 0, null);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
