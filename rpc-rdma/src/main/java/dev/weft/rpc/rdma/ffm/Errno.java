package dev.weft.rpc.rdma.ffm;

import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** C's error number as it was right after a call that captured it. */
final class Errno {
    static final MemoryLayout LAYOUT = Linker.Option.captureStateLayout();

    private static final VarHandle VALUE = LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Errno() {}

    static int get(MemorySegment captured) {
        return (int) VALUE.get(captured, 0L);
    }
}
