package dev.weft.rpc.rdma.software;

import java.lang.foreign.MemorySegment;

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

    static MemorySegment at(long address, long length) {
        return ALL.asSlice(address, length);
    }
}
