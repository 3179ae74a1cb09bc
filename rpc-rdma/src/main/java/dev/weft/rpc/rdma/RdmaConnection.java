package dev.weft.rpc.rdma;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.SendBudget;
import dev.weft.rpc.spi.Transfer;
import dev.weft.rpc.spi.TransportConnection;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection between two processes, over one or more rails. It outlives any of its queue pairs: messages that were on
 * their way when one failed are sent again, transfers posted again, and neither calls nor memory notice.
 */
final class RdmaConnection implements TransportConnection {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    /** How long the last messages may take to arrive when the connection is closed. */
    private static final long FAREWELL_NANOS = 200_000_000;

    private final RdmaTransport transport;
    private final ConnectionId id;
    private final String peer;
    private final RdmaConfig config;
    private final Clock clock;
    private final Rails rails;
    private final SendBudget budget;
    private final Outbox outbox;
    private final Resumption resumption;
    private final Transfers transfers;
    private final Grants grants;
    private final GrantedMemory grantedMemory;
    private final LargeMessages largeMessages;
    private final Permits permits;
    private final AtomicBoolean closing = new AtomicBoolean();

    /** Threads that wait for something of the peer, and look again when woken. */
    private final Queue<Thread> waiters = new ConcurrentLinkedQueue<>();

    /** One at a time calls the handler. */
    private final ReentrantLock delivery = new ReentrantLock();

    /** Held while a rail is made at the peer's request. */
    private final ReentrantLock joining = new ReentrantLock();

    /** Makes rails anew; null on the side that was connected to. Set before the first rail is up. */
    private volatile @Nullable RailKeeper keeper;

    private volatile @Nullable MessageHandler handler;
    private volatile String closeReason = "";
    private volatile @Nullable String byeReason;

    private volatile boolean ended;

    // Agreed when the first queue pair was connected.
    private volatile int bufferBytes;
    private volatile int peerMaxMessageBytes;

    RdmaConnection(RdmaTransport transport, ConnectionId id, String peer) {
        this.transport = transport;
        this.id = id;
        this.peer = peer;
        this.config = transport.rdmaConfig();
        this.clock = transport.clock();
        this.rails = new Rails(this, clock);
        this.bufferBytes = config.bufferBytes();
        this.budget = new SendBudget(peer, transport.config().maxQueuedBytes(), clock);
        this.outbox = new Outbox(this);
        this.resumption = new Resumption(outbox::sendAgain, this::control);
        this.transfers = new Transfers(this, clock, config);
        this.grants = new Grants(this, clock);
        this.grantedMemory = new GrantedMemory(this, transport.registry(), clock, config.revokeTimeout());
        this.largeMessages = new LargeMessages(
                this,
                clock,
                transport.config().maxMessageBytes(),
                transport.config().maxAssemblyBytes());
        this.permits = new Permits(this, transport.inboundPermits(), config.permitFromBytes(), clock);
    }

    void agree(int frameBytesMax, int maxMessageBytesOfPeer, int permitFromBytesOfPeer) {
        bufferBytes = frameBytesMax;
        peerMaxMessageBytes = maxMessageBytesOfPeer;
        permits.agree(permitFromBytesOfPeer);
    }

    void start(MessageHandler messageHandler) {
        handler = messageHandler;
    }

    void keepRails(RailKeeper railKeeper) {
        keeper = railKeeper;
    }

    // --- sending

    @Override
    public int headroom() {
        return MessageHeader.BYTES;
    }

    @Override
    public void send(OutboundMessage message, boolean others, long deadlineNanos) {
        long frameBytes = message.body().size();
        int bodyBytes = (int) Math.min(frameBytes - MessageHeader.BYTES, Integer.MAX_VALUE);
        if (bodyBytes > peerMaxMessageBytes) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT,
                    "message of " + bodyBytes + " bytes exceeds the peer's limit of " + peerMaxMessageBytes);
        }
        if (!isOpen()) {
            throw closed();
        }
        budget.reserve(bodyBytes, deadlineNanos);
        if (frameBytes > bufferBytes) {
            try {
                largeMessages.send(message, bodyBytes, others, deadlineNanos);
            } catch (RpcException e) {
                budget.release(bodyBytes);
                throw e;
            }
            message.taken();
            return;
        }
        byte[] frame = message.body().hasAttachments()
                ? message.body().toByteArray()
                : message.body().array();
        MessageHeader.fillIn(frame, (int) frameBytes, message.kind(), message.id());
        outbox.submit(new Outbox.Item(frame, (int) frameBytes, bodyBytes, message), others);
        message.taken();
    }

    /** Sends a frame of the transport's own. */
    void control(byte[] frame) {
        outbox.submit(Outbox.Item.control(frame), false);
    }

    @Override
    public void transfer(List<Transfer> list, long deadlineNanos) {
        if (!isOpen()) {
            throw closed();
        }
        transfers.execute(list, deadlineNanos);
    }

    private RpcException closed() {
        return new RpcException(StatusCode.UNAVAILABLE, "connection to " + peer + " is closed: " + closeReason);
    }

    // --- what its parts need

    ConnectionId id() {
        return id;
    }

    Rails rails() {
        return rails;
    }

    ReentrantLock joining() {
        return joining;
    }

    Outbox outbox() {
        return outbox;
    }

    SendBudget budget() {
        return budget;
    }

    Resumption resumption() {
        return resumption;
    }

    Transfers transfers() {
        return transfers;
    }

    Grants grants() {
        return grants;
    }

    Permits permits() {
        return permits;
    }

    RdmaCounters counters() {
        return transport.counting();
    }

    /** For what is sent. */
    BufferPool staging() {
        return transport.staging();
    }

    /** For what is received, and for transfers of memory that is not registered. */
    BufferPool bounce() {
        return transport.bounce();
    }

    /** Keys of memory for all devices; null if no device has it. */
    @Nullable
    MemoryKeys keysOf(MemorySegment memory) {
        return transport.devices().keysOf(memory);
    }

    boolean isRegistered(MemorySegment memory) {
        return transport.devices().isRegistered(memory);
    }

    Queue<Thread> waiters() {
        return waiters;
    }

    /** Runs a task that may wait, on a thread of its own. */
    void later(Runnable task) {
        transport.later(task);
    }

    /** Throws why a thread that waits on the connection should not wait on. */
    void checkWaiting(long deadlineNanos) {
        if (closing.get()) {
            throw new RpcException(StatusCode.CONNECTION_LOST, peer + ": " + closeReason);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new RpcException(StatusCode.CANCELLED, "the calling thread was interrupted in a transfer");
        }
        if (clock.nanoTime() - deadlineNanos >= 0) {
            throw new RpcException(StatusCode.DEADLINE_EXCEEDED, "the deadline has passed in a transfer");
        }
    }

    // --- rails

    /** Sees to memory that no rail reaches, although there are some: the peer's devices have changed. */
    void refreshGrant(Grant grant) {
        if (rails.up() > 0 && rails.leastLoaded(grant) == null) {
            if (grant.isOffered()) {
                throw new RpcException(StatusCode.CONNECTION_LOST, peer + ": the device with the memory is lost");
            }
            grants.refresh(grant);
        }
    }

    /** Has everybody who waits look again. */
    void wakeWaiters() {
        waiters.forEach(LockSupport::unpark);
        transfers.wakeAll();
    }

    void railUp(Rail rail) {
        if (closing.get()) {
            rail.end("the connection is closed");
            return;
        }
        outbox.poke();
        transfers.wakeAll();
    }

    void railDown(Rail rail, QueuePair queuePair, String reason) {
        rails.burialBegins();
        later(() -> bury(rail, queuePair, reason));
    }

    private void bury(Rail rail, QueuePair queuePair, String reason) {
        try {
            RailRemains remains = transport.burial().bury(rail, queuePair);
            resumption.buried(remains);
        } catch (BadFrameException e) {
            close(String.valueOf(e.getMessage()));
        } finally {
            rails.burialEnded();
            if (queuePair.device().isLost()) {
                transport.devices().closeLost();
            }
            transfers.wakeAll();
        }
        if (closing.get()) {
            return;
        }
        endIfAllSaidBye();
        RailKeeper maker = keeper;
        if (maker != null) {
            maker.wake();
        } else if (rails.up() == 0) {
            long since = rails.downSinceNanos();
            clock.schedule(since + config.resumeTimeout().toNanos(), () -> {
                if (rails.up() == 0 && rails.downSinceNanos() == since) {
                    close("the last queue pair was lost: " + reason);
                }
            });
        }
    }

    /** What has to be looked after now and then, whatever happens or does not. Must not wait. */
    void lookAfter() {
        rails.checkSilence();
        permits.endOverdue();
    }

    /** A port may be back: rails that are down are tried again. */
    void wakeKeeper() {
        RailKeeper maker = keeper;
        if (maker != null) {
            maker.wake();
        }
    }

    // --- on a poller's thread

    /** A frame of the transport. */
    void control(Rail rail, byte kind, long frameId, ByteBuffer body) {
        try {
            switch (kind) {
                case ControlFrame.HELLO -> {}
                case ControlFrame.OPEN -> grantedMemory.open(frameId);
                case ControlFrame.GRANT -> grants.answered(frameId, body);
                case ControlFrame.REVOKE -> grants.revoke(frameId);
                case ControlFrame.RELEASED -> grantedMemory.released(frameId, ControlFrame.readReleased(body));
                case ControlFrame.LARGE -> largeMessages.offered(frameId, body);
                case ControlFrame.LARGE_DONE -> largeMessages.done(frameId);
                case ControlFrame.PERMIT_ASK -> permits.peerAsks(frameId, ControlFrame.readPermitAsk(body));
                case ControlFrame.PERMIT -> permits.granted(frameId);
                case ControlFrame.PERMIT_DONE -> permits.peerIsDone(frameId);
                case ControlFrame.RAIL_ENDED -> railEnded(ControlFrame.readRailEnded(frameId, body));
                case ControlFrame.BYE -> {
                    byeReason = ControlFrame.text(body);
                    rail.bye();
                    endIfAllSaidBye();
                }
                default -> throw new BadFrameException("frame of unknown kind " + kind);
            }
        } catch (BadFrameException e) {
            close("what the peer sends cannot be: " + e.getMessage());
        }
    }

    private void railEnded(ControlFrame.RailEnd end) throws BadFrameException {
        Rail rail = rails.get(end.rail());
        QueuePair queuePair = rail.current();
        if (queuePair != null && queuePair.epoch() == end.epoch()) {
            rail.fail(queuePair, "the peer lost it");
        }
        resumption.peerEnded(rail, end.epoch(), end.received());
    }

    private void endIfAllSaidBye() {
        String reason = byeReason;
        if (reason != null && rails.allSaidBye()) {
            close(reason);
        }
    }

    /** Hands messages to whoever has the connection. */
    void deliver(InboundMessage first) {
        MessageHandler known = handler;
        if (known == null) {
            throw new IllegalStateException("the connection was not started");
        }
        delivery.lock();
        try {
            if (!ended) {
                known.onMessages(first);
            }
        } finally {
            delivery.unlock();
        }
    }

    // --- the end

    @Override
    public boolean isOpen() {
        return !closing.get();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close(String reason) {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        closeReason = reason;
        LOG.log(Level.DEBUG, () -> "connection to " + peer + " ends: " + reason);
        RailKeeper maker = keeper;
        if (maker != null) {
            maker.wake();
        }
        later(this::end);
    }

    private void end() {
        if (byeReason == null) {
            rails.sayLast(ControlFrame.bye(closeReason), clock.nanoTime() + FAREWELL_NANOS);
        }
        RpcException lost = new RpcException(StatusCode.CONNECTION_LOST, peer + ": " + closeReason);
        budget.close();
        grants.end(lost);
        transfers.end();
        wakeWaiters();
        MessageHandler known = handler;
        delivery.lock();
        try {
            ended = true;
            if (known != null) {
                known.onClosed(closeReason);
            }
        } finally {
            delivery.unlock();
        }
        rails.endAll("the connection is closed");
        permits.end();
        largeMessages.end();
        grantedMemory.end();
        transport.ended(this);
    }
}
