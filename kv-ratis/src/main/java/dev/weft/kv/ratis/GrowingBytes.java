package dev.weft.kv.ratis;

import dev.weft.kv.Bytes;
import java.nio.ByteBuffer;

/** A buffer that grows as it is filled. For one thread. */
final class GrowingBytes {
    private ByteBuffer bytes = ByteBuffer.allocate(1024);

    /** Leaves room for {@code count} bytes, and says where. */
    int skip(int count) {
        int at = bytes.position();
        room(count).position(at + count);
        return at;
    }

    void put(byte one) {
        room(1).put(one);
    }

    void put(Bytes more) {
        room(more.length()).put(more.unsafeArray());
    }

    /** Into a place that was left. */
    void putInt(int at, int value) {
        bytes.putInt(at, value);
    }

    ByteBuffer toBuffer() {
        return bytes.duplicate().flip();
    }

    private ByteBuffer room(int count) {
        if (bytes.remaining() < count) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + count));
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }
}
