package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import dev.weft.rpc.Address;
import dev.weft.rpc.rdma.ConnectData.Answer;
import dev.weft.rpc.rdma.ConnectionEvents.Event;
import dev.weft.rpc.spi.ConnectionAcceptor;
import dev.weft.rpc.spi.TransportListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Accepts new connections, and new rails of connections that are there, at one address. */
final class RdmaListener implements TransportListener {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    private static final int BACKLOG = 256;

    /** For the peer to take notice that it is refused. */
    private static final long ANSWER_NANOS_MAX = 1_000_000_000;

    private final RdmaTransport transport;
    private final VerbsThread verbs;
    private final ConnectionEvents events;
    private final ConnectionAcceptor acceptor;
    private final RdmaCmId id;
    private final InetSocketAddress bound;
    private final Address address;
    private final AtomicBoolean closed = new AtomicBoolean();

    RdmaListener(
            RdmaTransport transport,
            VerbsThread verbs,
            ConnectionEvents events,
            Address wanted,
            InetSocketAddress at,
            ConnectionAcceptor acceptor)
            throws IOException {
        this.transport = transport;
        this.verbs = verbs;
        this.events = events;
        this.acceptor = acceptor;
        this.id = verbs.call(() -> events.newId(this::onEvent));
        try {
            this.bound = verbs.call(() -> {
                id.bindAddr(at);
                id.listen(BACKLOG);
                return (InetSocketAddress) id.getSource();
            });
        } catch (IOException e) {
            events.forget(id);
            verbs.call(id::destroyId);
            throw new IOException("cannot listen on " + wanted + ": " + e.getMessage(), e);
        }
        this.address = new Address(wanted.scheme(), wanted.host(), bound.getPort());
    }

    @Override
    public Address address() {
        return address;
    }

    private void onEvent(Event event) {
        if (event.type() == EventType.RDMA_CM_EVENT_CONNECT_REQUEST) {
            transport.later(() -> answer(event));
        }
    }

    private void answer(Event event) {
        Attempt attempt = new Attempt(
                "answering at " + address, transport.clock(), transport.clock().nanoTime() + ANSWER_NANOS_MAX);
        try {
            transport.begin(attempt);
        } catch (IOException e) {
            destroy(event.id());
            return;
        }
        try {
            answer(event, attempt);
        } finally {
            transport.ended(attempt);
        }
    }

    private void answer(Event event, Attempt attempt) {
        try {
            ConnectData.Request request = ConnectData.Request.read(event.data());
            switch (request.kind()) {
                case NEW -> acceptConnection(event.id(), request, attempt);
                case JOIN -> acceptRail(event.id(), request, attempt);
            }
        } catch (BadFrameException e) {
            LOG.log(Level.DEBUG, () -> "refused a connection at " + address + ": " + e.getMessage());
            destroy(event.id());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "accepting at " + address + " failed: " + e.getMessage());
            destroy(event.id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            destroy(event.id());
        }
    }

    private void acceptConnection(RdmaCmId asking, ConnectData.Request request, Attempt attempt)
            throws IOException, InterruptedException {
        ConnectionId connectionId = new ConnectionId(request.most(), request.least());
        String peer = "rdma://" + Connector.text((InetSocketAddress) verbs.call(asking::getDestination));
        RdmaConnection connection = new RdmaConnection(transport, connectionId, peer);
        if (closed.get() || !transport.begin(connection)) {
            LOG.log(Level.WARNING, "refused a connection at " + address + ": there are too many already");
            refuse(asking, request, attempt, connection, Answer.REFUSED);
            return;
        }
        connection.start(acceptor.accept(connection));
        try {
            accept(asking, request, connection);
        } catch (IOException | InterruptedException e) {
            connection.close("it was not made: " + e.getMessage());
            throw e;
        }
    }

    private void acceptRail(RdmaCmId asking, ConnectData.Request request, Attempt attempt)
            throws IOException, InterruptedException, BadFrameException {
        RdmaConnection connection = transport.find(new ConnectionId(request.most(), request.least()));
        if (connection == null || !connection.isOpen()) {
            RdmaConnection none = new RdmaConnection(transport, new ConnectionId(0, 0), "nobody");
            refuse(asking, request, attempt, none, Answer.UNKNOWN_CONNECTION);
            return;
        }
        Rail rail = connection.rails().get(request.rail());
        // One at a time: a peer that lost patience asks again while its last question is being answered.
        connection.joining().lockInterruptibly();
        try {
            if (!rail.isNew(request.epoch())) {
                throw new BadFrameException(
                        "queue pair " + request.epoch() + " of " + rail + ", which had a later one");
            }
            rail.end("the peer makes it anew");
            connection.rails().awaitBurials(rail);
            resume(connection, rail, request);
            transport.counting().queuePairRebuilds.increment();
            accept(asking, request, connection);
        } finally {
            connection.joining().unlock();
        }
    }

    /** A peer that has received what cannot be is not one to go on with. */
    private static void resume(RdmaConnection connection, Rail rail, ConnectData.Request request)
            throws BadFrameException {
        try {
            connection.resumption().joined(rail, request.lastEpoch(), request.lastReceived());
        } catch (BadFrameException e) {
            connection.close(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void accept(RdmaCmId asking, ConnectData.Request request, RdmaConnection connection)
            throws IOException, InterruptedException {
        RdmaConfig config = transport.rdmaConfig();
        Rail rail = connection.rails().get(request.rail());
        OpenDevice device = transport.devices().of(asking.getVerbs());
        int ringBuffers = Math.min(request.ringBuffers(), config.ringBuffers());
        int bufferBytes = Math.min(request.bufferBytes(), config.bufferBytes());
        ConnectData.Reply reply = new ConnectData.Reply(
                Answer.ACCEPTED,
                device.ordinal(),
                device.immediateData(),
                ringBuffers,
                bufferBytes,
                transport.config().maxMessageBytes(),
                transport.permitFromBytes(),
                (int) connection.resumption().receivedOver(rail, request.lastEpoch()),
                bound.getAddress().isAnyLocalAddress() ? transport.devices().addressesFor(bound) : List.of());
        QueuePair queuePair = verbs.call(() -> transport.newQueuePair(rail, device, asking, request.epoch()));
        queuePair.agree(ringBuffers, bufferBytes, device.immediateData() && request.immediateData());
        connection.agree(bufferBytes, request.maxMessageBytes(), request.permitFromBytes());
        rail.expect(queuePair, request.ordinal());
        events.listen(asking, event -> Connector.onLater(queuePair, event));
        try {
            verbs.call(() -> {
                transport.provider().configure(asking, config.queuePairs());
                ConnectParam.with(reply.toBytes(), config, asking::accept);
                return 0;
            });
        } catch (IOException e) {
            rail.fail(queuePair, "accepting failed: " + e.getMessage());
            throw e;
        }
        transport.failUnlessUp(rail, queuePair);
    }

    /** Tells the peer why not: the connection manager of verbs has no other way than to accept and leave. */
    private void refuse(
            RdmaCmId asking, ConnectData.Request request, Attempt attempt, RdmaConnection connection, Answer why)
            throws IOException, InterruptedException {
        OpenDevice device = transport.devices().of(asking.getVerbs());
        QueuePair queuePair =
                verbs.call(() -> transport.newQueuePair(connection.rails().get(0), device, asking, request.epoch()));
        events.listen(asking, attempt);
        try {
            verbs.call(() -> {
                byte[] data = ConnectData.Reply.refusal(why).toBytes();
                ConnectParam.with(data, transport.rdmaConfig(), asking::accept);
                return 0;
            });
            attempt.await(EventType.RDMA_CM_EVENT_ESTABLISHED);
            attempt.await(EventType.RDMA_CM_EVENT_DISCONNECTED);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "refusing a connection", e);
        } finally {
            transport.burial().abandon(queuePair);
        }
    }

    private void destroy(RdmaCmId unwanted) {
        if (unwanted.isOpen() && unwanted.getQp() == null) {
            try {
                verbs.call(unwanted::destroyId);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "destroying a request", e);
            }
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            events.forget(id);
            try {
                verbs.call(id::destroyId);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "closing the listener at " + address, e);
            }
        }
    }
}
