package dev.weft.rpc.rdma.software;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * All memory of the process, by address. A device may read and write what has been registered, wherever that is; callers
 * have checked each range against a registered region, and hold the region open.
 */
final class NativeMemory {
    /** One segment for everything: no segment is made per copy. */
    @SuppressWarnings("restricted") // the point of the class
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private NativeMemory() {}

    static void copy(long from, long to, long length) {
        MemorySegment.copy(ALL, from, ALL, to, length);
    }

    /** Appends memory to a buffer, which has room. */
    static void read(long address, ByteBuffer to, int length) {
        MemorySegment.copy(ALL, address, MemorySegment.ofBuffer(to), 0, length);
        to.position(to.position() + length);
    }

    /** Takes memory's new content from a buffer, which has as much. */
    static void write(ByteBuffer from, long address, int length) {
        MemorySegment.copy(MemorySegment.ofBuffer(from), 0, ALL, address, length);
        from.position(from.position() + length);
    }

    static MemorySegment at(long address, long length) {
        return ALL.asSlice(address, length);
    }
}
