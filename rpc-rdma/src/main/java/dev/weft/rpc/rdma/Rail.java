package dev.weft.rpc.rdma;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageKind;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One pair of network cards that a connection uses, and the queue pair between them while there is one. */
final class Rail {
    /** Rails of a connection, and devices of a process. */
    static final int RAILS_MAX = 8;

    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    private final RdmaConnection connection;
    private final int index;
    private final AtomicLong load = new AtomicLong();

    /** So that a queue pair that fails while it comes up is not kept after its end. */
    private final ReentrantLock changing = new ReentrantLock();

    /** Null while the rail is down. */
    private volatile @Nullable QueuePair current;

    /** On the side that was connected to: a queue pair that has not received anything yet. */
    private volatile @Nullable QueuePair pending;

    /** The peer's device. */
    private volatile int remoteOrdinal;

    private volatile boolean saidBye;

    /** On the side that is connected to. */
    private int lastEpoch = -1;

    // What the current poll has brought. Used by the poller's thread only.
    private @Nullable InboundMessage first;
    private @Nullable InboundMessage last;

    Rail(RdmaConnection connection, int index) {
        this.connection = connection;
        this.index = index;
    }

    RdmaConnection connection() {
        return connection;
    }

    int index() {
        return index;
    }

    int remoteOrdinal() {
        return remoteOrdinal;
    }

    @Nullable
    QueuePair current() {
        return current;
    }

    boolean isUp() {
        QueuePair queuePair = current;
        return queuePair != null && !queuePair.isClosed();
    }

    /** Whether there is a queue pair that nobody has begun to bury. */
    boolean hasQueuePair() {
        return current != null || pending != null;
    }

    /** Whether a peer asks for a queue pair that is newer than all before. By one thread at a time. */
    boolean isNew(int epoch) {
        boolean newer = epoch > lastEpoch;
        if (newer) {
            lastEpoch = epoch;
        }
        return newer;
    }

    /** Bytes under way. */
    long load() {
        return load.get();
    }

    void addLoad(long bytes) {
        load.addAndGet(bytes);
    }

    /** Posts pieces of a transfer; returns how many. */
    int post(TransferOp op, int from, int to) {
        QueuePair queuePair = current;
        return queuePair == null ? 0 : queuePair.post(op, from, to);
    }

    /** The peer has accepted the connection of a queue pair: it can be used. */
    void up(QueuePair queuePair, int ordinal) {
        remoteOrdinal = ordinal;
        changing.lock();
        try {
            if (queuePair.isEnding()) {
                return;
            }
            current = queuePair;
            pending = null;
        } finally {
            changing.unlock();
        }
        queuePair.adopt();
        if (queuePair.isClosed() || !connection.isOpen()) {
            fail(queuePair, "it failed before it was used");
        } else {
            connection.railUp(this);
        }
    }

    /** The queue pair can be used once the peer has sent something. */
    void expect(QueuePair queuePair, int ordinal) {
        remoteOrdinal = ordinal;
        pending = queuePair;
        queuePair.adopt();
        if (queuePair.isClosed() || !connection.isOpen()) {
            fail(queuePair, "it failed before it was used");
        }
    }

    /**
     * A queue pair is of no use any more. From any thread; returns at once. Does nothing the second time, and leaves one that
     * is not the rail's yet to whoever makes it.
     */
    void fail(QueuePair queuePair, String reason) {
        queuePair.close();
        if (!queuePair.beginEnd()) {
            return;
        }
        LOG.log(Level.DEBUG, () -> "rail " + index + " to " + connection.peer() + " is down: " + reason);
        if (connection.isOpen()) {
            connection.counters().queuePairFailures.increment();
        }
        // Before it is let go of, so that whoever makes the rail anew waits for the burial.
        connection.railDown(this, queuePair, reason);
        changing.lock();
        try {
            if (current == queuePair) {
                current = null;
            }
            if (pending == queuePair) {
                pending = null;
            }
        } finally {
            changing.unlock();
        }
    }

    /** Ends the queue pair, if there is one. */
    void end(String reason) {
        QueuePair queuePair = current;
        if (queuePair != null) {
            fail(queuePair, reason);
        }
        QueuePair waiting = pending;
        if (waiting != null) {
            fail(waiting, reason);
        }
    }

    void bye() {
        saidBye = true;
    }

    boolean saidBye() {
        return saidBye;
    }

    // --- on the poller's thread

    /** A buffer of frames that came over a queue pair of this rail. */
    void received(QueuePair queuePair, byte[] frames) {
        if (pending == queuePair) {
            up(queuePair, remoteOrdinal);
        }
        try {
            int at = 0;
            while (at < frames.length) {
                int bodyBytes = MessageHeader.bodyBytes(frames, at);
                take(frames, at, bodyBytes);
                at += MessageHeader.BYTES + bodyBytes;
            }
        } catch (BadFrameException e) {
            connection.close("what the peer sends cannot be: " + e.getMessage());
        }
    }

    private void take(byte[] frames, int at, int bodyBytes) throws BadFrameException {
        byte kind = MessageHeader.kind(frames, at);
        long id = MessageHeader.id(frames, at);
        boolean intact = MessageHeader.isIntact(frames, at, bodyBytes);
        if (MessageKind.isKnown(kind)) {
            MemorySegment body = MemorySegment.ofArray(frames).asSlice(at + MessageHeader.BYTES, bodyBytes);
            append(new InboundMessage(kind, id, body, !intact));
        } else if (!intact) {
            throw new BadFrameException("frame of kind " + kind + " does not match its checksum");
        } else {
            connection.control(this, kind, id, ControlFrame.body(frames, at, bodyBytes));
        }
    }

    private void append(InboundMessage message) {
        InboundMessage before = last;
        if (before == null) {
            first = message;
        } else {
            before.setNext(message);
        }
        last = message;
    }

    /** Hands over what the poll has brought. */
    void deliver() {
        InboundMessage messages = first;
        if (messages != null) {
            first = null;
            last = null;
            connection.deliver(messages);
        }
    }

    @Override
    public String toString() {
        return "rail " + index + " to " + connection.peer();
    }
}
