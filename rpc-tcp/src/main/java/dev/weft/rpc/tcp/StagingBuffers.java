package dev.weft.rpc.tcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/** Direct buffers that are filled with frames and written; lent to whichever connection writes. Thread-safe. */
final class StagingBuffers {
    /** Room for a largest frame and many small ones. */
    static final int BYTES = 2 * FrameHeader.BODY_BYTES_MAX;

    /** More than this many are not kept: only so many threads write at a time. */
    private static final int KEPT_MAX = 16;

    private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT_MAX);

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer != null
                ? buffer.clear()
                : ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    void giveBack(ByteBuffer buffer) {
        free.offer(buffer);
    }
}
