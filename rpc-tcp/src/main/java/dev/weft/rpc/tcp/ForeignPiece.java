package dev.weft.rpc.tcp;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Bytes that go out as they are, all at once. What is long is cut into several, queued in order by one thread. */
final class ForeignPiece extends SendItem {
    static final int BYTES_MAX = 128 * 1024;

    private final MemorySegment bytes;
    private final @Nullable Runnable onTaken;

    /** @param onTaken runs when the bytes may change; null if that is of no interest */
    ForeignPiece(MemorySegment bytes, @Nullable Runnable onTaken) {
        this.bytes = bytes;
        this.onTaken = onTaken;
    }

    @Override
    long queuedBytes() {
        return bytes.byteSize();
    }

    /** Not long, whatever its length: short ones keep their order. */
    @Override
    boolean isBulk() {
        return false;
    }

    @Override
    int frameBytesMax() {
        return (int) bytes.byteSize();
    }

    @Override
    boolean emit(ByteBuffer out, CRC32C crc) {
        Pieces.append(bytes, 0, (int) bytes.byteSize(), out);
        if (onTaken != null) {
            onTaken.run();
        }
        return true;
    }
}
