package dev.weft.kv.engine;

import dev.weft.kv.Bytes;
import dev.weft.kv.Transaction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Counters as {@link Transaction#add} has them: little-endian, as RocksDB's own operator for addition wants it. */
public final class Counter {
    private static final ValueLayout.OfLong LAYOUT = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Counter() {}

    public static Bytes encode(long value) {
        byte[] bytes = new byte[Long.BYTES];
        MemorySegment.ofArray(bytes).set(LAYOUT, 0, value);
        return Bytes.wrap(bytes);
    }

    public static long decode(@Nullable Bytes value) {
        return value == null || value.length() != Long.BYTES
                ? 0
                : value.segment().get(LAYOUT, 0);
    }

    public static Bytes add(@Nullable Bytes base, long delta) {
        return encode(decode(base) + delta);
    }
}
