package dev.weft.rpc.tcp;

import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.SendBudget;
import dev.weft.rpc.spi.Transfer;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportConnection;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One socket and everything that belongs to it. */
final class TcpConnection implements TransportConnection, IoLoop.Ready, IoLoop.Member, FrameWriter.Owner {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.tcp");

    /** Messages up to this size go out whole and before longer ones. */
    private static final int SMALL_MESSAGE_BYTES_MAX = 64 * 1024;

    /** Answers to transfers and pings that may wait for a peer that does not read. */
    private static final int CONTROL_FRAMES_MAX = 16_384;

    private final SocketChannel channel;
    private final String peer;
    private final IoLoop loop;
    private final TcpTransport transport;
    private final TransportConfig config;
    private final Clock clock;
    private final FrameWriter writer;
    private final FrameReader reader;
    private final Transfers transfers;
    private final SendBudget budget;
    private final AtomicInteger controlFrames = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean open = true;

    /** The peer's first frame; null until it came. */
    private volatile @Nullable Hello hello;

    private volatile @Nullable Thread waitingForHello;
    private volatile String closeReason = "";

    /** Set before the connection is registered with the loop. */
    private @Nullable MessageHandler handler;

    /** Used by the loop's thread only. */
    private @Nullable SelectionKey key;

    /** When the peer was last heard, or the connection made. Used by the loop's thread only. */
    private long heardNanos;

    private boolean heardSinceTick;
    private boolean pinged;

    TcpConnection(SocketChannel channel, String peer, IoLoop loop, TcpTransport transport) {
        this.channel = channel;
        this.peer = peer;
        this.loop = loop;
        this.transport = transport;
        this.config = transport.config();
        this.clock = transport.clock();
        this.budget = new SendBudget(peer, config.maxQueuedBytes(), clock);
        this.writer = new FrameWriter(channel, transport.buffers(), this);
        this.transfers = new Transfers(this, clock);
        this.reader = new FrameReader(this, transfers, new MemoryServer(this, transport.memory()), transport);
        this.heardNanos = clock.nanoTime();
    }

    /**
     * Joins the loop and greets the peer.
     *
     * @param first what was read of the socket already; less than a frame
     */
    void start(MessageHandler messageHandler, byte[] first) {
        reader.begin(first);
        handler = messageHandler;
        loop.execute(() -> loop.add(this));
        loop.register(channel, SelectionKey.OP_READ, this);
        submit(ControlFrame.hello(config.maxMessageBytes()));
    }

    /** Waits until the peer has greeted. */
    void awaitHello(long deadlineNanos) throws IOException, InterruptedException {
        waitingForHello = Thread.currentThread();
        while (hello == null) {
            if (!open) {
                throw new IOException("no connection to " + peer + ": " + closeReason);
            }
            if (Thread.interrupted()) {
                close("interrupted while connecting");
                throw new InterruptedException();
            }
            if (clock.nanoTime() - deadlineNanos >= 0) {
                close("the peer does not greet");
                throw new IOException("no connection to " + peer + ": it does not greet");
            }
            clock.parkUntil(this, deadlineNanos);
        }
    }

    // --- sending

    @Override
    public int headroom() {
        return FrameHeader.BYTES;
    }

    @Override
    public void send(OutboundMessage message, boolean others, long deadlineNanos) {
        long bytes = message.body().size() - FrameHeader.BYTES;
        Hello greeted = hello;
        int max = greeted == null ? config.maxMessageBytes() : greeted.maxMessageBytes();
        if (bytes > max) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT, "message of " + bytes + " bytes exceeds the peer's limit of " + max);
        }
        boolean small = bytes <= SMALL_MESSAGE_BYTES_MAX && !message.body().hasAttachments();
        SendItem item = small ? SmallMessage.of(message) : new LargeMessage(message, loop.thread());
        reserve(item.queuedBytes(), deadlineNanos);
        writer.submit(item, others);
        if (small) {
            message.taken();
        }
    }

    /** Queues a frame of the transport, which the limit of bytes does not hold up. */
    void submit(SendItem item) {
        if (item instanceof ControlFrame && controlFrames.incrementAndGet() > CONTROL_FRAMES_MAX) {
            close("the peer does not read " + CONTROL_FRAMES_MAX + " answers");
        }
        writer.submit(item, false);
    }

    @Override
    public void controlFrameLeft() {
        controlFrames.decrementAndGet();
    }

    /** Counts bytes against the limit; waits for room. */
    void reserve(long bytes, long deadlineNanos) {
        if (!open) {
            throw closed();
        }
        budget.reserve(bytes, deadlineNanos);
    }

    @Override
    public void written(long bytes) {
        budget.release(bytes);
    }

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
    public void continueOnLoop(Runnable writing) {
        loop.execute(writing);
    }

    @Override
    public void transfer(List<Transfer> list, long deadlineNanos) {
        transfers.execute(list, deadlineNanos);
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
                heardSinceTick = true;
                reader.read(channel, loop.readBuffer());
            }
            if (ready.isValid() && ready.isWritable()) {
                writer.onWritable(ready);
            }
        } catch (IOException e) {
            close("reading failed: " + e.getMessage());
        } catch (CancelledKeyException e) {
            close("closed while it was ready");
        } catch (BadFrameException e) {
            close(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, () -> "connection with " + peer + " failed", e);
            close("internal error: " + e);
        }
    }

    /** The peer has greeted. */
    void greeted(Hello first) throws BadFrameException {
        if (hello != null) {
            throw new BadFrameException("the peer greets twice");
        }
        hello = first;
        LockSupport.unpark(waitingForHello);
    }

    boolean isGreeted() {
        return hello != null;
    }

    MessageHandler handler() {
        MessageHandler known = handler;
        if (known == null) {
            throw new IllegalStateException("the connection was not started");
        }
        return known;
    }

    /** Asks a silent peer for a sign of life, and gives it up if there is none. */
    @Override
    public void checkSilence(long now) {
        if (heardSinceTick) {
            heardSinceTick = false;
            pinged = false;
            heardNanos = now;
            return;
        }
        long silentNanos = now - heardNanos;
        if (hello == null) {
            if (silentNanos > config.connectTimeout().toNanos()) {
                close("the peer does not greet");
            }
        } else if (silentNanos
                        > config.keepAlive().toNanos()
                                + config.keepAliveTimeout().toNanos()
                && pinged) {
            close("the peer is silent for " + silentNanos / 1_000_000 + " ms");
        } else if (silentNanos > config.keepAlive().toNanos() && !pinged) {
            pinged = true;
            submit(ControlFrame.plain(FrameHeader.PING));
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
        reader.onClosed();
        transfers.onClosed(closeReason);
        budget.close();
        LockSupport.unpark(waitingForHello);
        transport.ended(this);
        handler().onClosed(closeReason);
    }

    RpcException closed() {
        return new RpcException(StatusCode.UNAVAILABLE, "connection to " + peer + " is closed: " + closeReason);
    }
}
