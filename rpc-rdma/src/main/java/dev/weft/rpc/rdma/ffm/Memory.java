package dev.weft.rpc.rdma.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads and writes C memory that somebody else owns, by its address. Nothing is checked. */
final class Memory {
    // Fields of C's structs are aligned, but the segment that stands for all memory does not say so of addresses.
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {}

    static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    static int getInt(long address) {
        return ALL.get(INT, address);
    }

    static byte getByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    static MemorySegment at(long address, long bytes) {
        return ALL.asSlice(address, bytes);
    }

    /** The characters from {@code address} to the next zero. */
    static String getString(long address) {
        return ALL.getString(address);
    }
}
