package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.rdma.verbs.QpSettings;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** DiSNI's connection manager on software devices: checks what is asked for, and leaves the rest to {@link Connections}. */
final class SoftwareCm extends RdmaCm {
    private final SoftwareVerbsProvider provider;
    private final Connections connections;
    private final ReentrantLock lock;

    SoftwareCm(SoftwareVerbsProvider provider) {
        this.provider = provider;
        this.connections = provider.fabric().connections();
        this.lock = connections.lock();
    }

    /** Something done to an id under the lock. */
    private interface Step<T extends @Nullable Object> {
        T on(SoftwareCmId id) throws IOException;
    }

    /** Something done to an id under the lock, without a result. */
    private interface Action {
        void on(SoftwareCmId id) throws IOException;
    }

    private void lock(RdmaCmId id, Action action) throws IOException {
        this.<@Nullable Void>locked(id, ours -> {
            action.on(ours);
            return null;
        });
    }

    private <T extends @Nullable Object> T locked(RdmaCmId id, Step<T> step) throws IOException {
        if (!(id instanceof SoftwareCmId ours) || ours.provider() != provider) {
            throw new IllegalArgumentException(id + " is of another provider");
        }
        lock.lock();
        try {
            return step.on(ours);
        } finally {
            lock.unlock();
        }
    }

    private static void require(SoftwareCmId id, SoftwareCmId.State state, String verb) throws IOException {
        if (id.state != state) {
            throw id.wrongState(verb);
        }
    }

    @Override
    public RdmaEventChannel createEventChannel() throws IOException {
        var channel = new SoftwareEventChannel(provider);
        provider.ledger().made(Ledger.Kind.EVENT_CHANNEL);
        return channel;
    }

    @Override
    public int destroyEventChannel(RdmaEventChannel channel) {
        if (channel.isOpen()) {
            own(channel).end();
            provider.ledger().freed(Ledger.Kind.EVENT_CHANNEL);
        }
        return 0;
    }

    private static SoftwareEventChannel own(RdmaEventChannel channel) {
        return SoftwareVerbs.own(SoftwareEventChannel.class, channel);
    }

    @Override
    public @Nullable RdmaCmEvent getCmEvent(RdmaEventChannel channel, int timeoutMillis) throws IOException {
        return own(channel).take(timeoutMillis);
    }

    @Override
    public int ackCmEvent(RdmaCmEvent event) {
        return 0;
    }

    @Override
    public RdmaCmId createId(RdmaEventChannel channel, short portSpace) throws IOException {
        if (portSpace != RDMA_PS_TCP) {
            throw Errno.EINVAL.because("port space " + portSpace + ": there is " + RDMA_PS_TCP + " only");
        }
        var id = new SoftwareCmId(own(channel), portSpace);
        provider.ledger().made(Ledger.Kind.ID);
        return id;
    }

    void configure(RdmaCmId id, QpSettings settings) throws IOException {
        lock(id, ours -> {
            if (settings.pkeyIndex().orElse(0) != 0) {
                throw Errno.EINVAL.because(
                        "pkey-index of " + settings.pkeyIndex().orElse(0) + ": there is 0 only");
            }
            ours.settings = settings;
            checkGid(ours);
        });
    }

    private static void checkGid(SoftwareCmId id) throws IOException {
        if (id.settings != null && id.context != null) {
            int index = id.settings.gidIndex().orElse(0);
            int gids = id.context.device().addresses().size();
            if (index >= gids) {
                throw Errno.EINVAL.because(
                        "gid-index of " + index + ": " + id.context.device().name() + " has " + gids);
            }
        }
    }

    @Override
    public void bindAddr(RdmaCmId id, SocketAddress address) throws IOException {
        lock(id, ours -> {
            require(ours, SoftwareCmId.State.IDLE, "rdma_bind_addr");
            bind(ours, internet(address));
        });
    }

    private void bind(SoftwareCmId id, InetSocketAddress address) throws IOException {
        if (!address.getAddress().isAnyLocalAddress()) {
            SoftwareDevice device = provider.deviceAt(address.getAddress());
            if (device == null) {
                throw Errno.EADDRNOTAVAIL.because("no device of this host has " + address);
            }
            id.setContext(device.context());
            checkGid(id);
        }
        id.source = address;
        id.state = SoftwareCmId.State.BOUND;
    }

    private static InetSocketAddress internet(@Nullable SocketAddress address) throws IOException {
        if (address instanceof InetSocketAddress internet && !internet.isUnresolved()) {
            return internet;
        }
        throw Errno.EINVAL.because(address + " is not an IP address with a port");
    }

    @Override
    public void listen(RdmaCmId id, int backlog) throws IOException {
        lock(id, ours -> {
            require(ours, SoftwareCmId.State.BOUND, "rdma_listen");
            ours.backlog = backlog <= 0 ? 1024 : backlog;
            connections.listen(ours);
            ours.state = SoftwareCmId.State.LISTENING;
        });
    }

    @Override
    public void resolveAddr(RdmaCmId id, @Nullable SocketAddress source, SocketAddress destination, int timeoutMillis)
            throws IOException {
        lock(id, ours -> {
            if (ours.state == SoftwareCmId.State.IDLE && source != null) {
                bind(ours, internet(source));
            }
            if (ours.state != SoftwareCmId.State.IDLE && ours.state != SoftwareCmId.State.BOUND) {
                throw ours.wrongState("rdma_resolve_addr");
            }
            ours.destination = internet(destination);
            connections.resolve(ours, timeoutMillis);
            checkGid(ours);
        });
    }

    @Override
    public void resolveRoute(RdmaCmId id, int timeoutMillis) throws IOException {
        lock(id, ours -> {
            require(ours, SoftwareCmId.State.ADDRESS_RESOLVED, "rdma_resolve_route");
            ours.state = SoftwareCmId.State.ROUTE_RESOLVED;
            ours.post(EventType.RDMA_CM_EVENT_ROUTE_RESOLVED, 0, null);
        });
    }

    @Override
    public IbvQP createQP(RdmaCmId id, IbvPd pd, IbvQPInitAttr attributes) throws IOException {
        return locked(id, ours -> {
            SoftwarePd domain = SoftwareVerbs.own(pd);
            if (ours.queuePair != null || ours.context != domain.context()) {
                throw Errno.EINVAL.because("rdma_create_qp on an id that "
                        + (ours.queuePair != null ? "has one" : "is of another device than the protection domain"));
            }
            domain.context().requireAlive();
            QueuePairConfig config = QueuePairConfig.of(domain, attributes);
            var made = new SoftwareQp(new QueuePair(domain.context(), config));
            ours.setQueuePair(made);
            provider.ledger().made(Ledger.Kind.QUEUE_PAIR);
            return made;
        });
    }

    @Override
    public int destroyQP(RdmaCmId id) throws IOException {
        SoftwareQp ended = this.<@Nullable SoftwareQp>locked(id, ours -> {
            SoftwareQp had = ours.queuePair;
            ours.setQueuePair(null);
            return had;
        });
        // Outside the lock: it waits for whoever copies.
        if (ended != null) {
            ended.end();
            provider.ledger().freed(Ledger.Kind.QUEUE_PAIR);
        }
        return 0;
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam param) throws IOException {
        lock(id, ours -> {
            require(ours, SoftwareCmId.State.ROUTE_RESOLVED, "rdma_connect");
            requireQueuePair(ours, "rdma_connect");
            ours.wanted = ConnectData.of(param, ConnectData.PRIVATE_BYTES_CONNECT);
            ours.state = SoftwareCmId.State.CONNECTING;
            connections.connect(ours);
        });
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam param) throws IOException {
        lock(id, ours -> {
            require(ours, SoftwareCmId.State.REQUESTED, "rdma_accept");
            requireQueuePair(ours, "rdma_accept");
            ours.wanted = ConnectData.of(param, ConnectData.PRIVATE_BYTES_ACCEPT);
            connections.accept(ours);
        });
    }

    void reject(RdmaCmId id, MemorySegment privateData) throws IOException {
        lock(id, ours -> {
            require(ours, SoftwareCmId.State.REQUESTED, "rdma_reject");
            connections.reject(ours, ConnectData.ofRejection(privateData));
            ours.state = SoftwareCmId.State.ENDED;
        });
    }

    private static void requireQueuePair(SoftwareCmId id, String verb) throws IOException {
        if (id.queuePair == null) {
            throw Errno.EINVAL.because(verb + " on an id without a queue pair");
        }
        if (id.context != null) {
            id.context.requireAlive();
        }
    }

    @Override
    public int disconnect(RdmaCmId id) throws IOException {
        return locked(id, ours -> {
            if (ours.state != SoftwareCmId.State.CONNECTED && ours.state != SoftwareCmId.State.ENDED) {
                throw ours.wrongState("rdma_disconnect");
            }
            if (ours.queuePair != null) {
                ours.queuePair.core().fail();
            }
            if (ours.state == SoftwareCmId.State.CONNECTED) {
                connections.disconnect(ours);
            }
            return 0;
        });
    }

    @Override
    public int destroyCmId(RdmaCmId id) throws IOException {
        return locked(id, ours -> {
            if (ours.state == SoftwareCmId.State.DESTROYED) {
                return 0;
            }
            if (ours.queuePair != null) {
                throw Errno.EBUSY.because("rdma_destroy_id on an id that still has its queue pair");
            }
            connections.destroy(ours);
            ours.end();
            provider.ledger().freed(Ledger.Kind.ID);
            return 0;
        });
    }

    @Override
    public int destroyEp(RdmaCmId id) throws IOException {
        destroyQP(id);
        return destroyCmId(id);
    }

    @Override
    public @Nullable SocketAddress getSrcAddr(RdmaCmId id) throws IOException {
        return this.<@Nullable SocketAddress>locked(id, ours -> ours.source);
    }

    @Override
    public @Nullable SocketAddress getDstAddr(RdmaCmId id) throws IOException {
        return this.<@Nullable SocketAddress>locked(id, ours -> ours.destination);
    }
}
