package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import dev.weft.rpc.rdma.ConnectionEvents.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Connects queue pairs, from the side that asks. */
final class Connector {
    /**
     * The kernel looks for an answer of the address's host at the end of this time, and whenever one comes; it misses those
     * that come at once. So it is asked for a short time first.
     */
    private static final long ADDRESS_MILLIS_MIN = 50;

    private static final int ROUTE_MILLIS = 2_000;

    private final RdmaTransport transport;
    private final VerbsThread verbs;
    private final ConnectionEvents events;

    /** A queue pair that is connected, what the peer answered, and by which address it goes out. */
    record Connected(QueuePair queuePair, ConnectData.Reply reply, InetSocketAddress local) {}

    Connector(RdmaTransport transport, VerbsThread verbs, ConnectionEvents events) {
        this.transport = transport;
        this.verbs = verbs;
        this.events = events;
    }

    /**
     * Connects one queue pair of a rail.
     *
     * @param local address of the device to use; null to have it follow from the route
     * @param request what to tell the peer, once the device is known
     * @throws Attempt.RefusedException if nobody listens there, or nobody knows the connection
     */
    Connected connect(
            Rail rail,
            int epoch,
            @Nullable InetAddress local,
            InetSocketAddress remote,
            Function<OpenDevice, ConnectData.Request> request,
            long deadlineNanos)
            throws IOException, InterruptedException {
        for (long millis = ADDRESS_MILLIS_MIN; ; millis *= 2) {
            Attempt attempt = new Attempt("connecting to rdma://" + text(remote), transport.clock(), deadlineNanos);
            transport.begin(attempt);
            try {
                return connect(attempt, rail, epoch, local, remote, request, Math.min(millis, millisTo(deadlineNanos)));
            } catch (Attempt.NoNeighbourException e) {
                if (deadlineNanos - transport.clock().nanoTime() <= 0) {
                    throw e;
                }
            } finally {
                transport.ended(attempt);
            }
        }
    }

    private int millisTo(long deadlineNanos) {
        return Math.clamp((deadlineNanos - transport.clock().nanoTime()) / 1_000_000, 1, 60_000);
    }

    private Connected connect(
            Attempt attempt,
            Rail rail,
            int epoch,
            @Nullable InetAddress local,
            InetSocketAddress remote,
            Function<OpenDevice, ConnectData.Request> request,
            long addressMillis)
            throws IOException, InterruptedException {
        RdmaCmId id = verbs.call(() -> events.newId(attempt));
        QueuePair made = null;
        try {
            verbs.call(() -> {
                transport.provider().configure(id, transport.rdmaConfig().queuePairs());
                id.resolveAddr(local == null ? null : new InetSocketAddress(local, 0), remote, (int) addressMillis);
                return 0;
            });
            attempt.await(EventType.RDMA_CM_EVENT_ADDR_RESOLVED);
            verbs.call(() -> {
                id.resolveRoute(ROUTE_MILLIS);
                return 0;
            });
            attempt.await(EventType.RDMA_CM_EVENT_ROUTE_RESOLVED);
            OpenDevice device = transport.devices().of(id.getVerbs());
            QueuePair queuePair = verbs.call(() -> transport.newQueuePair(rail, device, id, epoch));
            made = queuePair;
            verbs.call(() -> {
                ConnectParam.with(request.apply(device).toBytes(), transport.rdmaConfig(), id::connect);
                return 0;
            });
            Event established = attempt.await(EventType.RDMA_CM_EVENT_ESTABLISHED);
            ConnectData.Reply reply = read(established);
            check(reply, remote);
            boolean immediateData = device.immediateData() && reply.immediateData();
            queuePair.agree(reply.ringBuffers(), reply.bufferBytes(), immediateData);
            InetSocketAddress from = (InetSocketAddress) verbs.call(id::getSource);
            events.listen(id, event -> onLater(queuePair, event));
            made = null;
            return new Connected(queuePair, reply, from);
        } finally {
            if (made != null) {
                transport.burial().abandon(made);
            } else if (id.isOpen() && id.getQp() == null) {
                events.forget(id);
                verbs.call(id::destroyId);
            }
        }
    }

    private static ConnectData.Reply read(Event established) throws IOException {
        try {
            return ConnectData.Reply.read(established.data());
        } catch (BadFrameException e) {
            throw new IOException("the peer does not speak Weft over RDMA: " + e.getMessage(), e);
        }
    }

    private void check(ConnectData.Reply reply, InetSocketAddress remote) throws IOException {
        RdmaConfig config = transport.rdmaConfig();
        switch (reply.answer()) {
            case ACCEPTED -> {}
            case UNKNOWN_CONNECTION ->
                throw new Attempt.RefusedException("rdma://" + text(remote) + " does not know the connection any more");
            case REFUSED -> throw new IOException("rdma://" + text(remote) + " takes no more connections");
        }
        if (reply.ringBuffers() > config.ringBuffers() || reply.bufferBytes() > config.bufferBytes()) {
            throw new IOException("the peer wants " + reply.ringBuffers() + " buffers of " + reply.bufferBytes()
                    + " bytes; offered were " + config.ringBuffers() + " of " + config.bufferBytes());
        }
    }

    /** After the connection is made. */
    static void onLater(QueuePair queuePair, Event event) {
        switch (event.type()) {
            case RDMA_CM_EVENT_DISCONNECTED, RDMA_CM_EVENT_DEVICE_REMOVAL, RDMA_CM_EVENT_CONNECT_ERROR ->
                queuePair.rail().fail(queuePair, "the peer or the device disconnected: " + event.type());
            default -> {}
        }
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
