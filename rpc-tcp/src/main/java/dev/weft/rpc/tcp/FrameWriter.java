package dev.weft.rpc.tcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes the frames of one connection: any number of threads queue, and one of them, elected by an atomic counter, writes
 * for all.
 *
 * <p>Whoever takes the count of queued items from zero to one owns the writing until it has brought it back to zero. If
 * other calls are in progress it first yields once, so that other runnable virtual threads add their frames: one system
 * call then carries dozens. When the socket is full, or after several rounds, the loop's thread takes the ownership over,
 * so that no caller writes for others for long. Fields without a word on threads belong to the owner; the counter orders
 * what successive owners do.
 */
final class FrameWriter {
    /** Rounds of filling and writing that a caller does before the loop takes over. */
    private static final int CALLER_ROUNDS_MAX = 8;

    /** Long items that take turns. The others wait, so that a peer has few messages half received. */
    private static final int BULK_TURNS_MAX = 8;

    private final SocketChannel channel;
    private final StagingBuffers buffers;
    private final Owner connection;
    private final SendItem.Socket socket = this::writeThrough;

    /** The newest queued item, which leads to the others; any thread. */
    private final AtomicReference<@Nullable SendItem> queue = new AtomicReference<>();

    /** Items queued and not yet written; any thread. */
    private final AtomicInteger unwritten = new AtomicInteger();

    private final ArrayDeque<SendItem> urgent = new ArrayDeque<>();
    private final ArrayDeque<SendItem> bulk = new ArrayDeque<>();
    private final CRC32C crc = new CRC32C();

    /** Bytes between its position and limit are still to be written; null while there are none. */
    private @Nullable ByteBuffer staging;

    /** Items that are complete in {@link #staging}, and their bytes. */
    private int stagedItems;

    private long stagedBytes;

    /** Bytes that went past the staging buffer since it was filled last. */
    private int passedBytes;

    /** Whether the socket was full and the loop is to go on when it is not. */
    private boolean waiting;

    /** The connection that is written. From any thread, but where it says otherwise. */
    interface Owner {
        boolean isOpen();

        void close(String reason);

        /** Has the loop call {@link #onWritable} when the socket takes bytes again. */
        void awaitWritable();

        void continueOnLoop(Runnable writing);

        /** Bytes have left the queue. By the thread that writes. */
        void written(long bytes);

        /** A control frame is queued no more. By the thread that writes. */
        void controlFrameLeft();
    }

    FrameWriter(SocketChannel channel, StagingBuffers buffers, Owner connection) {
        this.channel = channel;
        this.buffers = buffers;
        this.connection = connection;
    }

    /** Queues an item, and writes if nobody does. */
    @SuppressWarnings("ThreadPriorityCheck") // correct without the yield; it lets others add to the same write
    void submit(SendItem item, boolean others) {
        SendItem newest;
        do {
            newest = queue.get();
            item.next = newest;
        } while (!queue.compareAndSet(newest, item));
        if (unwritten.getAndIncrement() == 0) {
            if (others) {
                Thread.yield();
            }
            drain(CALLER_ROUNDS_MAX);
        }
    }

    /** On the loop's thread, when the socket has room again. */
    void onWritable(SelectionKey key) {
        key.interestOpsAnd(~SelectionKey.OP_WRITE);
        if (waiting) {
            waiting = false;
            drain(Integer.MAX_VALUE);
        }
    }

    /** On the loop's thread, after the channel was closed: if the loop is the owner, nobody else cleans up. */
    void onClosed() {
        if (waiting) {
            waiting = false;
            drain(Integer.MAX_VALUE);
        }
    }

    private void drain(int roundsMax) {
        int rounds = 0;
        while (true) {
            takeQueued();
            try {
                if (connection.isOpen()) {
                    fill();
                    if (!flush()) {
                        waiting = true;
                        connection.awaitWritable();
                        return;
                    }
                } else {
                    drop();
                }
            } catch (IOException | RuntimeException e) {
                connection.close("writing failed: " + e.getMessage());
                drop();
            }
            int items = stagedItems;
            long bytes = stagedBytes;
            stagedItems = 0;
            stagedBytes = 0;
            ByteBuffer spare = urgent.isEmpty() && bulk.isEmpty() ? releaseStaging() : null;
            connection.written(bytes);
            // Below zero when an item was taken before its sender counted it; the sender then finds nothing to do.
            if (unwritten.addAndGet(-items) <= 0) {
                if (spare != null) {
                    buffers.giveBack(spare);
                }
                return;
            }
            staging = spare != null ? spare : staging;
            if (++rounds >= roundsMax) {
                connection.continueOnLoop(() -> drain(Integer.MAX_VALUE));
                return;
            }
        }
    }

    private @Nullable ByteBuffer releaseStaging() {
        ByteBuffer spare = staging;
        staging = null;
        return spare;
    }

    /** Moves what was queued, oldest first, into the two lanes. */
    private void takeQueued() {
        SendItem newest = queue.getAndSet(null);
        SendItem oldest = null;
        while (newest != null) {
            SendItem next = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = next;
        }
        while (oldest != null) {
            SendItem next = oldest.next;
            oldest.next = null;
            (oldest.isBulk() ? bulk : urgent).add(oldest);
            oldest = next;
        }
    }

    /**
     * Fills the staging buffer: short items, but room is left for a frame of a long one; then those, in turn. What goes to
     * the socket past the buffer counts as well, so that short items never wait for more than the buffer holds.
     */
    private void fill() throws IOException {
        if ((staging != null && staging.hasRemaining()) || (urgent.isEmpty() && bulk.isEmpty())) {
            return;
        }
        ByteBuffer out = staging != null ? staging.clear() : buffers.take();
        staging = out;
        int reserved = bulk.isEmpty() ? 0 : bulk.getFirst().frameBytesMax();
        SendItem item = urgent.peek();
        while (item != null && item.frameBytesMax() <= out.remaining() - reserved) {
            urgent.poll();
            item.emit(out, crc);
            staged(item);
            item = urgent.peek();
        }
        int turns = Math.min(bulk.size(), BULK_TURNS_MAX);
        passedBytes = 0;
        for (int i = 0; i < turns; i++) {
            SendItem first = bulk.getFirst();
            if (first.frameBytesMax() > out.remaining() - passedBytes) {
                break;
            }
            boolean last = first.emit(out, crc, socket);
            bulk.poll();
            if (last) {
                staged(first);
            } else {
                takeTurn(first);
            }
        }
        out.flip();
    }

    private void writeThrough(ByteBuffer out, ByteBuffer body) throws IOException {
        int bytes = body.remaining();
        out.flip();
        channel.write(new ByteBuffer[] {out, body});
        passedBytes += bytes - body.remaining();
        out.compact().put(body);
    }

    /** Puts a long item behind the others that take turns, not behind those that wait. */
    private void takeTurn(SendItem item) {
        if (bulk.size() < BULK_TURNS_MAX) {
            bulk.addLast(item);
        } else {
            bulk.addFirst(item);
        }
    }

    private void staged(SendItem item) {
        stagedItems++;
        stagedBytes += item.queuedBytes();
        if (item instanceof ControlFrame) {
            connection.controlFrameLeft();
        }
    }

    /** Writes what is staged; false if the socket is full before all is written. */
    private boolean flush() throws IOException {
        ByteBuffer out = staging;
        while (out != null && out.hasRemaining()) {
            if (channel.write(out) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The connection has ended: nothing is written any more. */
    private void drop() {
        urgent.forEach(this::staged);
        urgent.clear();
        bulk.forEach(this::staged);
        bulk.clear();
        if (staging != null) {
            staging.clear().limit(0);
        }
    }
}
