package dev.weft.rpc.spi;

import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How many bytes may wait to be sent on one connection; beyond it, senders wait. Thread-safe. */
public final class SendBudget {
    private final String peer;
    private final long maxBytes;
    private final Clock clock;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final ConcurrentLinkedQueue<Thread> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** Of a connection to {@code peer}. */
    public SendBudget(String peer, long maxBytes, Clock clock) {
        this.peer = peer;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /**
     * Counts bytes as queued; waits for room.
     *
     * @throws RpcException RESOURCE_EXHAUSTED if there was none by the deadline, CANCELLED, UNAVAILABLE if the connection
     *     ended meanwhile; nothing is counted then
     */
    public void reserve(long bytes, long deadlineNanos) {
        if (queuedBytes.addAndGet(bytes) > maxBytes) {
            await(bytes, deadlineNanos);
        }
    }

    private void await(long bytes, long deadlineNanos) {
        Thread self = Thread.currentThread();
        waiting.add(self);
        try {
            // What was queued before us is what we wait for; a message alone may be longer than the limit.
            while (queuedBytes.get() - bytes > maxBytes) {
                StatusCode failure = null;
                if (closed) {
                    failure = StatusCode.UNAVAILABLE;
                } else if (self.isInterrupted()) {
                    failure = StatusCode.CANCELLED;
                } else if (clock.nanoTime() - deadlineNanos >= 0) {
                    failure = StatusCode.RESOURCE_EXHAUSTED;
                }
                if (failure != null) {
                    release(bytes);
                    throw new RpcException(failure, maxBytes + " bytes wait to be sent to " + peer + " already");
                }
                clock.parkUntil(this, deadlineNanos);
            }
        } finally {
            waiting.remove(self);
        }
    }

    /** Bytes have left the queue. */
    public void release(long bytes) {
        if (bytes > 0) {
            queuedBytes.addAndGet(-bytes);
            wakeAll();
        }
    }

    /** The connection has ended: nobody waits any more. */
    public void close() {
        closed = true;
        wakeAll();
    }

    private void wakeAll() {
        if (!waiting.isEmpty()) {
            waiting.forEach(LockSupport::unpark);
        }
    }
}
