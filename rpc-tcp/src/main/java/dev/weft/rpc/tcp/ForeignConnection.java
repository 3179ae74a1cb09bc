package dev.weft.rpc.tcp;

import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.ForeignProtocol;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.SendBudget;
import dev.weft.rpc.spi.Transfer;
import dev.weft.rpc.spi.TransportConnection;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One socket whose peer speaks another protocol. To the server it is a connection like others, of a peer that makes calls, one
 * after the other, and has neither services nor memory.
 */
final class ForeignConnection implements TransportConnection, IoLoop.Ready, IoLoop.Member, FrameWriter.Owner {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.tcp");

    /** Nothing has to go before a reply's body, which is not sent as it is. */
    static final int HEADROOM = 0;

    private final SocketChannel channel;
    private final String peer;
    private final IoLoop loop;
    private final TcpTransport transport;
    private final ForeignProtocol protocol;
    private final FrameWriter writer;
    private final ForeignFrames frames;
    private final ForeignCalls calls;
    private final SendBudget budget;
    private final AtomicLong unwrittenBytes = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean open = true;
    private volatile String closeReason = "";

    /** Why the connection ends as soon as it has nothing to do; null if it does not. */
    private volatile @Nullable String endsWhenIdle;

    /** Set before the connection is registered with the loop. */
    private @Nullable MessageHandler handler;

    /** Used by the loop's thread only, as all below. */
    private @Nullable SelectionKey key;

    private long heardNanos;
    private boolean heardSinceTick;
    private boolean paused;

    ForeignConnection(
            SocketChannel channel, String peer, IoLoop loop, TcpTransport transport, ForeignProtocol protocol) {
        this.channel = channel;
        this.peer = peer;
        this.loop = loop;
        this.transport = transport;
        this.protocol = protocol;
        this.writer = new FrameWriter(channel, transport.buffers(), this);
        this.frames = new ForeignFrames(protocol, transport.config().maxMessageBytes());
        this.calls = new ForeignCalls(this, protocol, transport.clock());
        this.budget = new SendBudget(peer, transport.config().maxQueuedBytes(), transport.clock());
        this.heardNanos = transport.clock().nanoTime();
    }

    /**
     * Joins the loop, whose thread this runs on.
     *
     * @param first what was read of the socket already
     */
    void start(MessageHandler messageHandler, byte[] first) {
        handler = messageHandler;
        loop.add(this);
        loop.register(channel, SelectionKey.OP_READ, this);
        loop.execute(() -> take(ByteBuffer.wrap(first)));
    }

    // --- sending

    @Override
    public int headroom() {
        return HEADROOM;
    }

    @Override
    public boolean takesCompressed() {
        return false;
    }

    @Override
    public void send(OutboundMessage message, boolean others, long deadlineNanos) {
        switch (message.kind()) {
            case MessageKind.REPLY -> calls.answer(message, deadlineNanos);
            case MessageKind.GOING_AWAY -> endWhenIdle("the server is shutting down");
            case MessageKind.CANCEL -> {}
            default ->
                throw new RpcException(
                        StatusCode.UNIMPLEMENTED, peer + " speaks " + protocol.name() + " and serves no calls here");
        }
    }

    /**
     * Queues a frame; waits for room. By one thread at a time.
     *
     * @param onTaken runs when the pieces may change
     */
    void queue(List<MemorySegment> pieces, @Nullable Runnable onTaken, long deadlineNanos) {
        long bytes = pieces.stream().mapToLong(MemorySegment::byteSize).sum();
        if (!open) {
            throw new RpcException(StatusCode.UNAVAILABLE, "connection to " + peer + " is closed: " + closeReason);
        }
        budget.reserve(bytes, deadlineNanos);
        unwrittenBytes.addAndGet(bytes);
        if (bytes <= ForeignPiece.BYTES_MAX) {
            // One write is worth a copy.
            writer.submit(new ForeignPiece(join(pieces, (int) bytes), onTaken), false);
            return;
        }
        for (MemorySegment piece : pieces) {
            for (long at = 0; at < piece.byteSize(); at += ForeignPiece.BYTES_MAX) {
                long length = Math.min(ForeignPiece.BYTES_MAX, piece.byteSize() - at);
                writer.submit(new ForeignPiece(piece.asSlice(at, length), null), false);
            }
        }
        writer.submit(new ForeignPiece(MemorySegment.NULL, onTaken), false);
    }

    private static MemorySegment join(List<MemorySegment> pieces, int bytes) {
        MemorySegment joined = MemorySegment.ofArray(new byte[bytes]);
        long at = 0;
        for (MemorySegment piece : pieces) {
            MemorySegment.copy(piece, 0, joined, at, piece.byteSize());
            at += piece.byteSize();
        }
        return joined;
    }

    @Override
    public void transfer(List<Transfer> transfers, long deadlineNanos) {
        throw new RpcException(StatusCode.UNIMPLEMENTED, peer + " speaks " + protocol.name() + " and grants no memory");
    }

    // --- for the writer

    @Override
    public void awaitWritable() {
        loop.execute(() -> {
            SelectionKey registered = key;
            if (registered != null && registered.isValid()) {
                registered.interestOpsOr(SelectionKey.OP_WRITE);
            } else {
                writer.onClosed();
            }
        });
    }

    @Override
    public void continueOnLoop(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void written(long bytes) {
        budget.release(bytes);
        unwrittenBytes.addAndGet(-bytes);
        closeIfDone();
    }

    @Override
    public void controlFrameLeft() {}

    // --- calls

    /** A call was answered. From any thread. */
    void callEnded(boolean others) {
        if (others || endsWhenIdle != null) {
            loop.execute(this::goOn);
        }
        closeIfDone();
    }

    private void goOn() {
        calls.next();
        SelectionKey registered = key;
        if (paused && !calls.isFull() && registered != null && registered.isValid()) {
            paused = false;
            registered.interestOpsOr(SelectionKey.OP_READ);
        }
    }

    private void endWhenIdle(String reason) {
        endsWhenIdle = reason;
        closeIfDone();
    }

    private void closeIfDone() {
        String reason = endsWhenIdle;
        if (reason != null && calls.isIdle() && unwrittenBytes.get() <= 0) {
            close(reason);
        }
    }

    // --- on the loop's thread

    @Override
    public void onRegistered(SelectionKey registered) {
        key = registered;
    }

    @Override
    public void onReady(SelectionKey ready) {
        try {
            if (ready.isReadable()) {
                read(ready);
            }
            if (ready.isValid() && ready.isWritable()) {
                writer.onWritable(ready);
            }
        } catch (IOException e) {
            close("reading failed: " + e.getMessage());
        } catch (CancelledKeyException e) {
            close("closed while it was ready");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, () -> "connection with " + peer + " failed", e);
            close("internal error: " + e);
        }
    }

    private void read(SelectionKey ready) throws IOException {
        ByteBuffer in = loop.readBuffer().clear();
        int count = channel.read(in);
        if (count < 0) {
            onEnd(ready);
            return;
        }
        heardSinceTick = true;
        take(in.flip());
        if (calls.isFull() && ready.isValid()) {
            paused = true;
            ready.interestOpsAnd(~SelectionKey.OP_READ);
        }
    }

    private void take(ByteBuffer in) {
        try {
            frames.take(in, calls::take);
        } catch (IllegalArgumentException e) {
            LOG.log(Level.INFO, () -> "closes the connection of " + peer + ": " + e.getMessage());
            close(String.valueOf(e.getMessage()));
        }
    }

    /** The peer has closed its side. What it asked for without wanting an answer is done still. */
    private void onEnd(SelectionKey ready) {
        if (calls.keepOneWay()) {
            ready.interestOpsAnd(~SelectionKey.OP_READ);
            paused = false;
            endsWhenIdle = "the peer closed the connection";
        } else {
            close("the peer closed the connection");
        }
    }

    MessageHandler handler() {
        MessageHandler known = handler;
        if (known == null) {
            throw new IllegalStateException("the connection was not started");
        }
        return known;
    }

    /** A peer may be silent as long as it likes, but not in the middle of a frame. */
    @Override
    public void checkSilence(long now) {
        long patience = transport.config().keepAlive().toNanos()
                + transport.config().keepAliveTimeout().toNanos();
        if (heardSinceTick || !frames.isPartial() || paused) {
            heardSinceTick = false;
            heardNanos = now;
        } else if (now - heardNanos > patience) {
            close("the peer is silent in the middle of a frame");
        }
    }

    // --- the end

    @Override
    public boolean isOpen() {
        return open;
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
        open = false;
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing the channel", e);
        }
        loop.execute(this::afterClose);
    }

    private void afterClose() {
        loop.remove(this);
        writer.onClosed();
        calls.close();
        budget.close();
        transport.ended(this);
        handler().onClosed(closeReason);
    }
}
