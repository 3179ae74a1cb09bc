package dev.weft.rpc;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.OutboundMessage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Items of one stream that have come and were not read, in a ring with a place for each that may come.
 *
 * <p>Messages of a call overtake each other, short ones long ones, and are sorted by several threads: so each item has a
 * number, and the end says how many there are. Threads that sort what arrives put items in and never wait; one thread at a time
 * takes them out, and grants the other side more as it does.
 */
final class StreamInbox {
    private static final long NO_END = -1;

    private final byte creditKind;
    private final long callId;
    private final long deadlineNanos;
    private final StreamLink link;
    private final int maxItems;
    private final int maxBytes;
    private final long maxMessageBytes;
    private final AtomicReferenceArray<@Nullable InboundMessage> ring;

    /** Of everything that came; written by those who sort. */
    private final AtomicLong arrivedBytes = new AtomicLong();

    /** Above the numbers of all that came; written by those who sort. */
    private final AtomicLong arrivedBound = new AtomicLong();

    private final AtomicReference<@Nullable RpcException> failure = new AtomicReference<>();

    /** How many items there are in all, once that is known. */
    private volatile long end = NO_END;

    /** Who waits for the next item. */
    private volatile @Nullable Thread waiter;

    // Written by the thread that takes.
    private volatile long takenItems;
    private volatile long takenBytes;
    private volatile long grantedItems;
    private volatile long grantedBytes;

    /**
     * An empty one; its maker sees to it that the other side hears of the first grant.
     *
     * @param creditKind of the messages that grant more
     * @param deadlineNanos of the call
     */
    StreamInbox(byte creditKind, long callId, long deadlineNanos, StreamLink link, CallConfig config) {
        this.creditKind = creditKind;
        this.callId = callId;
        this.deadlineNanos = deadlineNanos;
        this.link = link;
        this.maxItems = config.streams().maxItems();
        this.maxBytes = config.streams().maxBytes();
        this.maxMessageBytes = config.maxMessageBytes();
        this.ring = new AtomicReferenceArray<>(maxItems);
        this.grantedItems = maxItems;
        this.grantedBytes = maxBytes;
    }

    // --- by whoever sorts what arrives; never waits

    /** Puts an item in; what the other side did wrong, if it did. */
    @Nullable
    RpcException put(long number, InboundMessage message) {
        if (number >= grantedItems) {
            return new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED, "item " + number + " is beyond the " + grantedItems + " granted");
        }
        long bytes = message.body().byteSize();
        long mayHave = grantedBytes + maxMessageBytes;
        if (arrivedBytes.addAndGet(bytes) > mayHave) {
            return new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "item " + number + " of " + bytes + " bytes is beyond the " + grantedBytes + " granted");
        }
        arrivedBound.accumulateAndGet(number + 1, Math::max);
        long known = end;
        if (known != NO_END && number >= known) {
            return new RpcException(StatusCode.INVALID_ARGUMENT, "item " + number + " after the end at " + known);
        }
        if (number < takenItems || !ring.compareAndSet((int) (number % maxItems), null, message)) {
            return new RpcException(StatusCode.INVALID_ARGUMENT, "item " + number + " comes twice");
        }
        wake();
        return null;
    }

    /** There are {@code items} in all; what the other side did wrong, if it did. */
    @Nullable
    RpcException end(long items) {
        if (end != NO_END) {
            return new RpcException(StatusCode.INVALID_ARGUMENT, "the stream ends twice");
        }
        if (items > grantedItems) {
            return new RpcException(
                    StatusCode.INVALID_ARGUMENT, "an end at " + items + " items, and " + grantedItems + " granted");
        }
        end = items;
        if (arrivedBound.get() > items) {
            return new RpcException(
                    StatusCode.INVALID_ARGUMENT, "item " + (arrivedBound.get() - 1) + " after the end at " + items);
        }
        wake();
        return null;
    }

    /** No item is taken any more: the first reason is thrown at who takes, whatever is still there. From any thread. */
    void fail(RpcException why) {
        if (failure.compareAndSet(null, why)) {
            wake();
        }
    }

    private void wake() {
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    // --- by the one that takes

    /** The next item; waits for it; null after the last. */
    @Nullable
    InboundMessage take() {
        int place = (int) (takenItems % maxItems);
        InboundMessage message = poll(place);
        if (message == null && !isAtEnd()) {
            waiter = Thread.currentThread();
            try {
                message = await(place);
            } finally {
                waiter = null;
            }
        }
        if (message != null) {
            taken(message);
        }
        return message;
    }

    private @Nullable InboundMessage await(int place) {
        while (true) {
            InboundMessage message = poll(place);
            if (message != null || isAtEnd()) {
                return message;
            }
            if (Thread.currentThread().isInterrupted()) {
                fail(new RpcException(StatusCode.CANCELLED, "interrupted while it waited for an item"));
            } else {
                LockSupport.park(this);
            }
        }
    }

    private @Nullable InboundMessage poll(int place) {
        RpcException why = failure.get();
        if (why != null) {
            throw new RpcException(why.code(), why.reason(), why);
        }
        return ring.get(place) == null ? null : ring.getAndSet(place, null);
    }

    private boolean isAtEnd() {
        return end == takenItems;
    }

    private void taken(InboundMessage message) {
        long bytes = takenBytes + message.body().byteSize();
        long items = takenItems + 1;
        takenBytes = bytes;
        takenItems = items;
        boolean half = items + maxItems - grantedItems >= (maxItems + 1) / 2
                || bytes + maxBytes - grantedBytes >= (maxBytes + 1) / 2;
        if (half && end == NO_END) {
            grantedBytes = bytes + maxBytes;
            grantedItems = items + maxItems;
            grant();
        }
    }

    /** Tells the other side what it may send. */
    void grant() {
        link.send(
                new OutboundMessage(creditKind, callId, StreamWire.credit(grantedItems, grantedBytes, link.headroom())),
                deadlineNanos);
    }

    /** Bytes of all items taken. */
    long takenItems() {
        return takenItems;
    }

    long takenBytes() {
        return takenBytes;
    }
}
