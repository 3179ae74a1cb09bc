package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Connections between processes of one machine: each is a TCP connection over a loopback address. All fields are guarded by
 * the lock, which callers of {@link Connections} hold; the engine's thread takes it.
 */
final class SocketConnections implements Connections, SocketLink.Listener {
    private static final Logger LOGGER = System.getLogger(SocketConnections.class.getName());

    private final SoftwareFabric fabric;
    private final SocketEngine engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SoftwareCmId, List<SocketListener>> listeners = new LinkedHashMap<>();

    /** Whose link it is; a link that was accepted has none before its request has come. */
    private final Map<SocketLink, SoftwareCmId> links = new LinkedHashMap<>();

    /** The listeners of links that have not sent their request yet. */
    private final Map<SocketLink, SoftwareCmId> unasked = new LinkedHashMap<>();

    private final Set<SoftwareCmId> known = new LinkedHashSet<>();

    SocketConnections(SoftwareFabric fabric) {
        this.fabric = fabric;
        this.engine = new SocketEngine(fabric);
    }

    @Override
    public ReentrantLock lock() {
        return lock;
    }

    @Override
    public void close() {
        engine.close();
    }

    private long now() {
        return fabric.environment().clock().nanoTime();
    }

    private void at(long nanos, Runnable task) {
        fabric.environment().clock().schedule(nanos, () -> locked(task));
    }

    private void locked(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }

    // ---- What the connection manager asks for

    @Override
    public void listen(SoftwareCmId id) throws IOException {
        InetSocketAddress wanted = id.source;
        if (wanted == null) {
            throw id.wrongState("rdma_listen");
        }
        List<SocketListener> bound = new ArrayList<>();
        try {
            int port = wanted.getPort();
            for (InetAddress address : addressesFor(wanted.getAddress())) {
                var listener = new SocketListener(
                        new InetSocketAddress(address, port), id.backlog, engine, channel -> accepted(id, channel));
                bound.add(listener);
                port = listener.address().getPort();
            }
            id.source = new InetSocketAddress(wanted.getAddress(), port);
        } catch (IOException e) {
            bound.forEach(SocketListener::close);
            throw e;
        }
        listeners.put(id, bound);
        known.add(id);
    }

    /** All loopback addresses of the kind, for the address that stands for all. */
    private List<InetAddress> addressesFor(InetAddress wanted) {
        if (!wanted.isAnyLocalAddress()) {
            return List.of(wanted);
        }
        List<InetAddress> all = new ArrayList<>();
        for (SoftwareDevice device : fabric.devices()) {
            for (InetAddress address : device.addresses()) {
                if (address.getClass() == wanted.getClass()) {
                    all.add(address);
                }
            }
        }
        return all;
    }

    @Override
    public void resolve(SoftwareCmId id, int timeoutMillis) throws IOException {
        InetSocketAddress destination = id.destination;
        SoftwareDevice device = destination == null ? null : id.provider().deviceTowards(destination.getAddress());
        if (destination == null || device == null) {
            throw Errno.ENETUNREACH.because("no device of this host reaches " + destination);
        }
        if (id.context == null) {
            id.setContext(device.context());
        }
        int port = id.source == null ? 0 : id.source.getPort();
        id.source = new InetSocketAddress(device.addressTowards(destination.getAddress(), id.source), port);
        known.add(id);
        if (!destination.getAddress().isLoopbackAddress()) {
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
        at(now() + fabric.faults().connectNanos(), () -> giveUp(id));
        engine.execute(() -> locked(() -> open(id)));
    }

    private void giveUp(SoftwareCmId id) {
        // What has been asked for waits for its answer as long as that takes: the peer is there.
        if (id.state == SoftwareCmId.State.CONNECTING && id.peerQueuePair == 0) {
            end(id, EventType.RDMA_CM_EVENT_UNREACHABLE, -Errno.ETIMEDOUT.number());
            close(id);
        }
    }

    private void open(SoftwareCmId id) {
        if (id.state != SoftwareCmId.State.CONNECTING || id.destination == null || id.source == null) {
            return;
        }
        try {
            SocketChannel channel = SocketChannel.open();
            var link = new SocketLink(channel, this);
            id.link = link;
            links.put(link, id);
            channel.configureBlocking(false);
            channel.bind(id.source);
            boolean connected = channel.connect(id.destination);
            link.register(engine, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
            if (connected) {
                connected(link);
            }
        } catch (IOException e) {
            LOGGER.log(Logger.Level.DEBUG, "connecting to {0}: {1}", id.destination, e);
            end(id, EventType.RDMA_CM_EVENT_REJECTED, REJECTED_NO_LISTENER);
            close(id);
        }
    }

    @Override
    public void accept(SoftwareCmId id) throws IOException {
        SoftwareQp own = id.queuePair;
        SocketLink link = id.link;
        ConnectData wanted = id.wanted;
        ConnectData requested = id.requested;
        unlist(id);
        if (own == null || link == null || link.isEnded() || wanted == null || requested == null) {
            end(id, EventType.RDMA_CM_EVENT_CONNECT_ERROR, -Errno.ETIMEDOUT.number());
            return;
        }
        join(id, own.core(), link, requested);
        id.state = SoftwareCmId.State.CONNECTED;
        engine.execute(() -> link.send(Frame.ACCEPT, 0, new Handshake(own.core().number(), wanted)));
    }

    private void join(SoftwareCmId id, QueuePair own, SocketLink link, ConnectData given) throws IOException {
        ConnectData wanted = id.wanted;
        if (wanted == null) {
            throw new IllegalStateException("an id that connects has not said what it wants");
        }
        var path = new SocketPath(engine, link, own);
        if (!own.connect(path, PathSettings.agree(id.peerQueuePair, wanted, given, id.settings))) {
            throw Errno.EINVAL.because("a connection with a queue pair in state " + own.state());
        }
        engine.execute(() -> link.setPath(path));
    }

    @Override
    public void reject(SoftwareCmId id, ConnectData reason) {
        unlist(id);
        SocketLink link = id.link;
        if (link != null) {
            engine.execute(() -> link.send(Frame.REJECT, REJECTED_BY_CONSUMER, new Handshake(0, reason)));
        }
    }

    @Override
    public void disconnect(SoftwareCmId id) {
        hangUp(id);
        end(id, EventType.RDMA_CM_EVENT_DISCONNECTED, 0);
    }

    private void hangUp(SoftwareCmId id) {
        SocketLink link = id.link;
        if (link != null) {
            engine.execute(() -> link.send(Frame.DISCONNECT, 0, null));
        }
    }

    @Override
    public void destroy(SoftwareCmId id) {
        List<SocketListener> bound = listeners.remove(id);
        if (bound != null) {
            bound.forEach(SocketListener::close);
            rejectAllOf(id);
        }
        if (id.state == SoftwareCmId.State.REQUESTED) {
            reject(id, ConnectData.NO_REASON);
        } else if (id.state == SoftwareCmId.State.CONNECTED) {
            hangUp(id);
        }
        close(id);
        known.remove(id);
        id.events().forget(id, event -> {});
    }

    private void close(SoftwareCmId id) {
        SocketLink link = id.link;
        if (link != null) {
            engine.execute(link::closeWhenSent);
        }
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

    private static void unlist(SoftwareCmId child) {
        if (child.listener != null) {
            child.listener.waiting--;
            child.listener = null;
        }
    }

    @Override
    public void retryAll() {
        // A link between processes is never cut.
    }

    @Override
    public void lost(SoftwareContext context) {
        locked(() -> {
            for (SoftwareCmId id : known) {
                if (id.context == context) {
                    id.post(EventType.RDMA_CM_EVENT_DEVICE_REMOVAL, 0, null);
                    close(id);
                }
            }
        });
    }

    // ---- What links tell

    private void accepted(SoftwareCmId listener, SocketChannel channel) {
        var link = new SocketLink(channel, this);
        locked(() -> unasked.put(link, listener));
        try {
            link.register(engine, SelectionKey.OP_READ);
        } catch (IOException e) {
            link.closeNow();
        }
        at(now() + fabric.faults().connectNanos(), () -> {
            if (unasked.remove(link) != null) {
                engine.execute(link::closeNow);
            }
        });
    }

    @Override
    public void connected(SocketLink link) {
        locked(() -> {
            SoftwareCmId id = links.get(link);
            if (id != null && id.wanted != null && id.queuePair != null) {
                id.peerQueuePair = -1;
                link.send(Frame.CONNECT, 0, new Handshake(id.queuePair.core().number(), id.wanted));
            }
        });
    }

    @Override
    public void received(SocketLink link, Frame frame, ByteBuffer payload) throws IOException {
        lock.lock();
        try {
            SoftwareCmId listener = unasked.remove(link);
            SoftwareCmId id = links.get(link);
            if (listener != null) {
                requireType(frame, Frame.CONNECT);
                asked(link, listener, Handshake.take(payload, frame.payload, ConnectData.PRIVATE_BYTES_CONNECT));
            } else if (id != null) {
                received(link, id, frame, payload);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void requireType(Frame frame, int type) throws IOException {
        if (frame.type != type) {
            throw new ProtocolException("a frame of type " + frame.type + " instead of " + type);
        }
    }

    private void received(SocketLink link, SoftwareCmId id, Frame frame, ByteBuffer payload) throws IOException {
        if (id.state == SoftwareCmId.State.CONNECTING) {
            if (frame.type == Frame.REJECT) {
                Handshake reason = Handshake.take(payload, frame.payload, ConnectData.PRIVATE_BYTES_REJECT);
                failQueuePair(id);
                id.state = SoftwareCmId.State.ENDED;
                id.post(EventType.RDMA_CM_EVENT_REJECTED, frame.key, reason.data());
                close(id);
            } else {
                requireType(frame, Frame.ACCEPT);
                establish(link, id, Handshake.take(payload, frame.payload, ConnectData.PRIVATE_BYTES_ACCEPT));
            }
        } else if (id.state == SoftwareCmId.State.CONNECTED && frame.type == Frame.READY && id.requested != null) {
            id.post(EventType.RDMA_CM_EVENT_ESTABLISHED, 0, null);
        } else if (id.state == SoftwareCmId.State.CONNECTED) {
            requireType(frame, Frame.DISCONNECT);
            end(id, EventType.RDMA_CM_EVENT_DISCONNECTED, 0);
        }
    }

    private static void failQueuePair(SoftwareCmId id) {
        if (id.queuePair != null) {
            id.queuePair.core().fail();
        }
    }

    private void establish(SocketLink link, SoftwareCmId id, Handshake answer) throws IOException {
        if (id.queuePair == null) {
            throw new ProtocolException("the queue pair was destroyed meanwhile");
        }
        id.peerQueuePair = answer.queuePair();
        QueuePair own = id.queuePair.core();
        join(id, own, link, answer.data());
        id.state = SoftwareCmId.State.CONNECTED;
        link.send(Frame.READY, 0, null);
        id.post(EventType.RDMA_CM_EVENT_ESTABLISHED, 0, answer.data());
    }

    private void asked(SocketLink link, SoftwareCmId listener, Handshake request) throws IOException {
        InetSocketAddress local = (InetSocketAddress) link.channel().getLocalAddress();
        SoftwareDevice device = fabric.deviceAt(local.getAddress());
        if (device == null || listener.waiting >= listener.backlog) {
            link.send(Frame.REJECT, REJECTED_BY_CONSUMER, new Handshake(0, ConnectData.NO_REASON));
            link.closeWhenSent();
            return;
        }
        var child = new SoftwareCmId(listener.events(), RdmaCm.RDMA_PS_TCP);
        child.setContext(device.context());
        listener.provider().ledger().made(Ledger.Kind.ID);
        child.state = SoftwareCmId.State.REQUESTED;
        child.source = local;
        child.destination = (InetSocketAddress) link.channel().getRemoteAddress();
        child.requested = request.data();
        child.peerQueuePair = request.queuePair();
        child.settings = listener.settings;
        child.link = link;
        child.listener = listener;
        listener.waiting++;
        links.put(link, child);
        known.add(child);
        child.events()
                .put(SoftwareCmEvent.of(EventType.RDMA_CM_EVENT_CONNECT_REQUEST, listener, child, 0, request.data()));
    }

    @Override
    public void ended(SocketLink link, IOException cause) {
        LOGGER.log(Logger.Level.DEBUG, "a connection has ended: {0}", cause.getMessage());
        locked(() -> {
            unasked.remove(link);
            SoftwareCmId id = links.remove(link);
            if (id != null) {
                ended(id, cause);
            }
        });
    }

    private static void ended(SoftwareCmId id, @Nullable IOException cause) {
        if (id.state == SoftwareCmId.State.CONNECTING) {
            boolean refused = cause instanceof ConnectException;
            failQueuePair(id);
            end(id, EventType.RDMA_CM_EVENT_REJECTED, refused ? REJECTED_NO_LISTENER : REJECTED_BY_CONSUMER);
        } else if (id.state == SoftwareCmId.State.CONNECTED) {
            end(id, EventType.RDMA_CM_EVENT_DISCONNECTED, 0);
        }
    }
}
