package dev.weft.rpc.tcp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.RemoteMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/** Our memory on its way into the peer's, as WRITE frames. */
final class WritePieces extends SendItem {
    private final long id;
    private final MemorySegment local;
    private final RemoteMemory remote;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean abandoned;

    private long emitted;

    WritePieces(long id, MemorySegment local, RemoteMemory remote) {
        this.id = id;
        this.local = local;
        this.remote = remote;
    }

    /** When this returns, the local memory is not touched any more. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    long queuedBytes() {
        return 0;
    }

    @Override
    boolean isBulk() {
        return true;
    }

    @Override
    int frameBytesMax() {
        return FrameHeader.BYTES + FrameHeader.MEMORY_EXTENSION_BYTES + FrameHeader.BODY_BYTES_MAX;
    }

    @Override
    boolean emit(ByteBuffer out, CRC32C crc) {
        lock.lock();
        try {
            int count = abandoned ? 0 : (int) Math.min(local.byteSize() - emitted, FrameHeader.BODY_BYTES_MAX);
            if (abandoned && emitted == 0) {
                return true;
            }
            long following = abandoned ? 0 : local.byteSize() - emitted - count;
            int at = out.position();
            out.position(at + FrameHeader.BYTES);
            out.putLong(remote.key()).putLong(remote.address() + emitted).putLong(following);
            int bodyCrc = Pieces.copy(local, emitted, count, out, crc);
            FrameHeader.fillIn(
                    out, at, count, FrameHeader.WRITE, 0, FrameHeader.MEMORY_EXTENSION_BYTES, id, bodyCrc, crc);
            emitted += count;
            return following == 0;
        } finally {
            lock.unlock();
        }
    }
}
