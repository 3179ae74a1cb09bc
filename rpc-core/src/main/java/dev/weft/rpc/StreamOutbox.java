package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.serde.Codec;
import dev.weft.serde.SerdeWriter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sending end of a stream: one item at a time, and no more than the other side has granted. Thread-safe.
 *
 * <p>Runs when the transport has taken the content of a message: a long item is not copied before it is written, so whoever
 * writes it waits for that.
 */
final class StreamOutbox<T> implements StreamWriter<T>, Runnable {
    private final byte itemKind;
    private final long callId;
    private final long deadlineNanos;
    private final StreamLink link;
    private final Codec<T> codec;
    private final int compressionBytes;
    private final AtomicLong grantedItems = new AtomicLong();
    private final AtomicLong grantedBytes = new AtomicLong();
    private final AtomicReference<@Nullable RpcException> failure = new AtomicReference<>();

    /** Held by whoever sends an item, also while it waits. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Who waits with the lock. */
    private volatile @Nullable Thread waiter;

    /** Whether the transport still reads the item that was sent last. */
    private volatile boolean inTransit;

    @GuardedBy("lock")
    private long sentItems;

    @GuardedBy("lock")
    private long sentBytes;

    @GuardedBy("lock")
    private boolean sealed;

    StreamOutbox(byte itemKind, long callId, long deadlineNanos, StreamLink link, CallConfig config, Codec<T> codec) {
        this.itemKind = itemKind;
        this.callId = callId;
        this.deadlineNanos = deadlineNanos;
        this.link = link;
        this.codec = codec;
        this.compressionBytes = config.compressionBytes();
    }

    // --- from any thread, never waits

    /** The other side lets us send so much in total; an older grant than one that we have changes nothing. */
    void granted(StreamWire.Credit credit) {
        grantedItems.accumulateAndGet(credit.items(), Math::max);
        grantedBytes.accumulateAndGet(credit.bytes(), Math::max);
        wake();
    }

    /** Nothing is sent any more: the first reason is thrown at who writes. */
    void fail(RpcException why) {
        if (failure.compareAndSet(null, why)) {
            wake();
        }
    }

    /** Why nothing is sent any more. */
    @Nullable
    RpcException failure() {
        return failure.get();
    }

    /** The transport has taken the last item. */
    @Override
    public void run() {
        inTransit = false;
        wake();
    }

    private void wake() {
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    // --- by whoever writes

    @Override
    public void write(T item) {
        lock.lock();
        try {
            if (sealed) {
                throw new IllegalStateException("an item after the end of the call");
            }
            awaitCredit();
            send(item);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the other side has granted something, which says that it has accepted the call. */
    void awaitAccepted() {
        lock.lock();
        try {
            awaitCredit();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream: nothing can be written any more. Returns how many items there were. */
    long seal() {
        lock.lock();
        try {
            sealed = true;
            return sentItems;
        } finally {
            lock.unlock();
        }
    }

    long sentItems() {
        lock.lock();
        try {
            return sentItems;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of all items sent. */
    long sentBytes() {
        lock.lock();
        try {
            return sentBytes;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void awaitCredit() {
        requireGoing();
        if (hasCredit()) {
            return;
        }
        waiter = Thread.currentThread();
        try {
            while (!hasCredit()) {
                requireGoing();
                LockSupport.park(this);
            }
        } finally {
            waiter = null;
        }
    }

    /** An item may begin where not all bytes are used up, so that one longer than the limit passes, too. */
    @GuardedBy("lock")
    private boolean hasCredit() {
        return sentItems < grantedItems.get() && sentBytes < grantedBytes.get();
    }

    @GuardedBy("lock")
    private void send(T item) {
        SerdeWriter body = StreamWire.item(sentItems, item, codec, link.headroom(), compressionBytes);
        OutboundMessage message = new OutboundMessage(itemKind, callId, body, this);
        inTransit = true;
        link.send(message, deadlineNanos);
        sentItems++;
        sentBytes += body.size() - link.headroom();
        if (inTransit) {
            awaitTaken(message);
        }
    }

    private void awaitTaken(OutboundMessage message) {
        waiter = Thread.currentThread();
        try {
            while (inTransit) {
                requireGoing();
                LockSupport.park(this);
            }
        } catch (RpcException e) {
            // The item may not arrive, so there can be no good end.
            message.abandon();
            fail(e);
            throw e;
        } finally {
            waiter = null;
        }
    }

    private void requireGoing() {
        RpcException why = failure.get();
        if (why != null) {
            throw new RpcException(why.code(), why.reason(), why);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new RpcException(StatusCode.CANCELLED, "interrupted before an item was sent");
        }
    }
}
