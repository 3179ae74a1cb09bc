package dev.weft.rpc.tcp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.RemoteMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/** Our memory on its way into the peer's, as WRITE frames. */
final class WritePieces extends SendItem {
    /** Bodies of so many bytes are not copied into the staging buffer. */
    private static final int DIRECT_BYTES_MIN = 32 * 1024;

    private final long id;
    private final MemorySegment local;
    private final RemoteMemory remote;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean abandoned;

    @GuardedBy("lock")
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
            int count = nextBytes();
            if (abandoned && emitted == 0) {
                return true;
            }
            int at = beginFrame(out, count);
            return endFrame(out, at, count, Pieces.copy(local, emitted, count, out, crc), crc);
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean emit(ByteBuffer out, CRC32C crc, Socket socket) throws IOException {
        lock.lock();
        try {
            int count = nextBytes();
            if (count < DIRECT_BYTES_MIN) {
                return emit(out, crc);
            }
            ByteBuffer body = local.asSlice(emitted, count).asByteBuffer();
            int at = beginFrame(out, count);
            boolean last = endFrame(out, at, count, Pieces.checksum(body, crc), crc);
            socket.writeThrough(out, body);
            return last;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private int nextBytes() {
        return abandoned ? 0 : (int) Math.min(local.byteSize() - emitted, FrameHeader.BODY_BYTES_MAX);
    }

    @GuardedBy("lock")
    private int beginFrame(ByteBuffer out, int count) {
        int at = out.position();
        out.position(at + FrameHeader.BYTES);
        out.putLong(remote.key()).putLong(remote.address() + emitted).putLong(following(count));
        return at;
    }

    @GuardedBy("lock")
    private boolean endFrame(ByteBuffer out, int at, int count, int bodyCrc, CRC32C crc) {
        FrameHeader.fillIn(out, at, count, FrameHeader.WRITE, 0, FrameHeader.MEMORY_EXTENSION_BYTES, id, bodyCrc, crc);
        boolean last = following(count) == 0;
        emitted += count;
        return last;
    }

    @GuardedBy("lock")
    private long following(int count) {
        return abandoned ? 0 : local.byteSize() - emitted - count;
    }
}
