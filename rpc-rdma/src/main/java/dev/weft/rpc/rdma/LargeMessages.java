package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.rdma.ControlFrame.Offer;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.SendBudget;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * Messages that do not fit into a buffer of the ring: the sender puts them into registered memory and says where, and the
 * receiver reads them, when it has room. So they hold up nothing in the ring, and the receiver decides how fast they come.
 */
final class LargeMessages {
    /** Read at a time. */
    private static final int PIECE_BYTES = 1 << 20;

    /** Long messages of one peer that wait to be read. */
    private static final int FETCHES_MAX = 4096;

    /** A message that takes longer to read has lost its sender. */
    private static final long FETCH_NANOS_MAX = 60_000_000_000L;

    private final RdmaConnection connection;
    private final Clock clock;
    private final int maxMessageBytes;
    private final SendBudget incoming;
    private final AtomicInteger fetches = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();

    /** Sent, and not read by the peer yet; by handle. */
    @GuardedBy("lock")
    private final LongTable<Sent> sent = new LongTable<>();

    @GuardedBy("lock")
    private long nextHandle;

    @GuardedBy("lock")
    private boolean ended;

    private record Sent(long handle, Buffer buffer, long queuedBytes) {}

    LargeMessages(RdmaConnection connection, Clock clock, int maxMessageBytes, long maxAssemblyBytes) {
        this.connection = connection;
        this.clock = clock;
        this.maxMessageBytes = maxMessageBytes;
        this.incoming = new SendBudget(connection.peer(), maxAssemblyBytes, clock);
    }

    /** Offers a message to the peer; its bytes are counted as queued already. */
    void send(OutboundMessage message, int bodyBytes, boolean others, long deadlineNanos) {
        Buffer buffer = connection.staging().acquire(bodyBytes, deadlineNanos);
        MemorySegment memory = buffer.segment();
        long at = -MessageHeader.BYTES;
        for (MemorySegment part : message.parts()) {
            // The first bytes of the first part are headroom.
            long skip = Math.max(0, -at);
            MemorySegment.copy(part, skip, memory, at + skip, part.byteSize() - skip);
            at += part.byteSize();
        }
        MemoryKeys keys = connection.keysOf(memory);
        long handle;
        lock.lock();
        try {
            if (ended || keys == null) {
                buffer.close();
                throw new RpcException(
                        StatusCode.UNAVAILABLE, "connection to " + connection.peer() + " has no device to send by");
            }
            handle = nextHandle++;
            sent.put(handle, new Sent(handle, buffer, bodyBytes));
        } finally {
            lock.unlock();
        }
        CRC32C crc = new CRC32C();
        crc.update(memory.asByteBuffer());
        Offer offer = new Offer(handle, memory.address(), bodyBytes, message.kind(), (int) crc.getValue(), keys);
        connection.outbox().submit(Outbox.Item.control(ControlFrame.large(message.id(), offer)), others);
    }

    /** The peer has read a message. On the poller's thread. */
    void done(long handle) {
        Sent one;
        lock.lock();
        try {
            one = sent.get(handle);
            if (one == null) {
                return;
            }
            sent.remove(handle, one);
        } finally {
            lock.unlock();
        }
        one.buffer.close();
        connection.budget().release(one.queuedBytes);
    }

    /** The peer offers a message. On the poller's thread. */
    void offered(long id, ByteBuffer body) throws BadFrameException {
        Offer offer = ControlFrame.readLarge(body, maxMessageBytes);
        if (fetches.incrementAndGet() > FETCHES_MAX) {
            throw new BadFrameException("a long message beside " + FETCHES_MAX + " that wait to be read");
        }
        connection.later(() -> fetch(id, offer));
    }

    private void fetch(long id, Offer offer) {
        int length = offer.length();
        long deadline = clock.nanoTime() + FETCH_NANOS_MAX;
        try {
            incoming.reserve(length, deadline);
            try {
                byte[] body = read(length, offer.address(), offer.keys(), deadline);
                connection.control(ControlFrame.plain(ControlFrame.LARGE_DONE, offer.handle()));
                CRC32C crc = new CRC32C();
                crc.update(body);
                boolean damaged = (int) crc.getValue() != offer.crc();
                connection.deliver(new InboundMessage(offer.kind(), id, MemorySegment.ofArray(body), damaged));
            } finally {
                incoming.release(length);
            }
        } catch (RpcException e) {
            connection.close("a message of " + length + " bytes cannot be read: " + e.getMessage());
        } finally {
            fetches.decrementAndGet();
        }
    }

    private byte[] read(int length, long address, MemoryKeys keys, long deadline) {
        byte[] body = new byte[length];
        MemorySegment target = MemorySegment.ofArray(body);
        Permits.Granted permits = connection.permits().acquire(length, 0, deadline);
        try (Buffer piece = connection.bounce().acquire(Math.min(Math.max(length, 1), PIECE_BYTES), deadline)) {
            for (int at = 0; at < length; at += PIECE_BYTES) {
                int bytes = Math.min(PIECE_BYTES, length - at);
                MemorySegment memory = piece.segment().asSlice(0, bytes);
                connection.transfers().read(address + at, keys, memory, deadline);
                MemorySegment.copy(memory, 0, target, at, bytes);
            }
        } finally {
            permits.giveBack();
        }
        return body;
    }

    /** The queue pairs are gone: nobody reads anything any more. */
    void end() {
        List<Sent> all = new ArrayList<>();
        lock.lock();
        try {
            ended = true;
            sent.forEach(all::add);
            sent.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(one -> one.buffer.close());
        incoming.close();
    }
}
