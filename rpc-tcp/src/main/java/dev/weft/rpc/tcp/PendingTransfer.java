package dev.weft.rpc.tcp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.Transfer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** One transfer under way. Its lock keeps local memory from being touched once the caller has left. */
final class PendingTransfer {
    private final long id;
    private final MemorySegment local;
    private final SendItem item;
    private final boolean reads;
    private final TransferGroup group;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean ended;

    /** Bytes that have come, of a read. Used by the loop's thread only. */
    private long received;

    PendingTransfer(long id, Transfer transfer, TransferGroup group) {
        this.id = id;
        this.local = transfer.local();
        this.group = group;
        switch (transfer) {
            case Transfer.Read read -> {
                this.reads = true;
                this.item = ControlFrame.read(
                        id,
                        read.remote().key(),
                        read.remote().address(),
                        read.remote().length());
            }
            case Transfer.Write write -> {
                this.reads = false;
                this.item = new WritePieces(id, write.local(), write.remote());
            }
        }
    }

    long id() {
        return id;
    }

    /** What to send to begin it. */
    SendItem item() {
        return item;
    }

    /** Where the bytes of a read that belong at {@code offset} go. */
    BodySink piece(long offset) {
        return new BodySink() {
            private long at = offset;

            @Override
            public void accept(ByteBuffer bytes) {
                int count = bytes.remaining();
                if (at < 0 || at > local.byteSize() - count || !reads) {
                    PendingTransfer.this.end(
                            new RpcException(StatusCode.INTERNAL, "the peer sends bytes that were not asked for"));
                } else if (copy(bytes, at, count)) {
                    at += count;
                    received += count;
                }
            }

            @Override
            public int readFrom(ReadableByteChannel channel, int bytes, CRC32C crc) throws IOException {
                if (at < 0 || at > local.byteSize() - bytes || !reads || !local.isNative()) {
                    return NOT_DIRECT;
                }
                int count = fill(channel, at, bytes, crc);
                at += Math.max(0, count);
                received += Math.max(0, count);
                return count;
            }

            @Override
            public void end(boolean intact) {
                if (!intact) {
                    PendingTransfer.this.end(
                            new RpcException(StatusCode.DATA_CORRUPTED, "the data did not match its checksum"));
                } else if (received >= local.byteSize()) {
                    PendingTransfer.this.end(null);
                }
            }
        };
    }

    /** Copies unless the caller has left. */
    private boolean copy(ByteBuffer bytes, long at, int count) {
        lock.lock();
        try {
            if (!ended) {
                MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, local, at, count);
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Reads unless the caller has left. */
    private int fill(ReadableByteChannel channel, long at, int bytes, CRC32C crc) throws IOException {
        lock.lock();
        try {
            return ended ? BodySink.NOT_DIRECT : Pieces.read(channel, local.asSlice(at, bytes), crc);
        } finally {
            lock.unlock();
        }
    }

    /** The transfer has succeeded, or failed for a reason. Does nothing the second time. */
    void end(@Nullable RpcException failure) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
        } finally {
            lock.unlock();
        }
        group.ended(failure);
    }

    /** The caller leaves: when this returns, its memory is not touched any more. */
    void letGo() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
        if (item instanceof WritePieces pieces) {
            pieces.abandon();
        }
    }
}
