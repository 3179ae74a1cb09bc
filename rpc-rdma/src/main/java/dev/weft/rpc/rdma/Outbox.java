package dev.weft.rpc.rdma;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait to be sent on one connection. Whoever finds nobody writing writes for all: into as few buffers as
 * possible, over the rail with most credits.
 */
final class Outbox {
    /** One frame, or a buffer of frames that is sent again. */
    static final class Item {
        private final byte[] bytes;
        private final int length;
        private final int queuedBytes;
        private final dev.weft.rpc.spi.@Nullable OutboundMessage message;

        Item(byte[] bytes, int length, int queuedBytes, dev.weft.rpc.spi.@Nullable OutboundMessage message) {
            this.bytes = bytes;
            this.length = length;
            this.queuedBytes = queuedBytes;
            this.message = message;
        }

        /** A frame of the transport's own, which no limit holds up. */
        static Item control(byte[] frame) {
            return new Item(frame, frame.length, 0, null);
        }
    }

    private final RdmaConnection connection;
    private final ConcurrentLinkedQueue<Item> queue = new ConcurrentLinkedQueue<>();

    /** Buffers that were on their way over a rail that failed: sent again before anything else. */
    private final ConcurrentLinkedQueue<Item> again = new ConcurrentLinkedQueue<>();

    /** Above 0 while a thread writes. */
    private final AtomicInteger requests = new AtomicInteger();

    /** Taken from a queue, and not sent yet. Used by the writing thread only. */
    private final ArrayDeque<Item> next = new ArrayDeque<>();

    Outbox(RdmaConnection connection) {
        this.connection = connection;
    }

    /**
     * Queues a frame and sees to it that it is sent.
     *
     * @param others whether others are likely to follow at once
     */
    @SuppressWarnings("ThreadPriorityCheck") // a hint: the others that are about to send go into the same buffer
    void submit(Item item, boolean others) {
        queue.add(item);
        if (requests.getAndIncrement() == 0) {
            if (others) {
                Thread.yield();
            }
            write();
        }
    }

    /** Sends buffers again that the peer has not received. */
    void sendAgain(List<byte[]> buffers) {
        for (byte[] buffer : buffers) {
            again.add(Item.control(buffer));
        }
        poke();
    }

    /** There may be credits or a rail again. */
    void poke() {
        if (requests.getAndIncrement() == 0) {
            write();
        }
    }

    private void write() {
        int seen;
        do {
            seen = requests.get();
            while (hasNext()) {
                QueuePair queuePair = connection.rails().readiest();
                if (queuePair == null) {
                    break;
                }
                queuePair.send(this);
            }
        } while (requests.addAndGet(-seen) != 0);
    }

    // --- for the queue pair, on the writing thread

    boolean hasNext() {
        while (next.isEmpty()) {
            Item item = again.poll();
            if (item == null) {
                item = queue.poll();
            }
            if (item == null) {
                return false;
            }
            if (item.message != null && item.message.abandoned()) {
                connection.budget().release(item.queuedBytes);
            } else {
                next.add(item);
            }
        }
        return true;
    }

    /** Fills a buffer with as many frames as fit; there is one at least. Returns the bytes used. */
    int fill(MemorySegment buffer) {
        int used = 0;
        while (hasNext()) {
            Item item = next.getFirst();
            if (used + item.length > buffer.byteSize()) {
                break;
            }
            MemorySegment.copy(item.bytes, 0, buffer, ValueLayout.JAVA_BYTE, used, item.length);
            used += item.length;
            next.removeFirst();
            connection.budget().release(item.queuedBytes);
        }
        return used;
    }
}
