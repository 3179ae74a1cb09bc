package dev.weft.rpc.tcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Something that waits to be written on a connection, as one frame or several. */
abstract class SendItem {
    /** The item that was queued before; for the queue only. */
    @Nullable
    SendItem next;

    /** Bytes that count against the connection's limit. */
    abstract long queuedBytes();

    /** Whether the item is long, and takes turns with others so that short ones are not held up. */
    abstract boolean isBulk();

    /** Room in the staging buffer that the next frame takes at the most. */
    abstract int frameBytesMax();

    /**
     * Puts the next frame into {@code out}. By the thread that writes the connection.
     *
     * @param crc free for use
     * @return whether that was the last
     */
    abstract boolean emit(ByteBuffer out, CRC32C crc);

    /** The same, but a long body goes to the socket straight from where it is, if it lies still meanwhile. */
    boolean emit(ByteBuffer out, CRC32C crc, Socket socket) throws IOException {
        return emit(out, crc);
    }

    /** Where frames go. */
    interface Socket {
        /** Writes what {@code out} holds, and then {@code body}; what it does not take now, {@code out} has afterwards. */
        void writeThrough(ByteBuffer out, ByteBuffer body) throws IOException;
    }
}
