package dev.weft.storage;

import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One-sided transfers between parties in this process. */
final class InProcessMemory implements DataMover {
    private final Map<Long, MemorySegment> granted = new ConcurrentHashMap<>();
    private final AtomicLong keys = new AtomicLong();

    RemoteMemory grant(MemorySegment segment) {
        long key = keys.incrementAndGet();
        granted.put(key, segment);
        return new RemoteMemory(key, 0, segment.byteSize(), RemoteMemory.Access.READ_WRITE);
    }

    /** Grants that nobody has taken back. */
    int outstanding() {
        return granted.size();
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with the block
    public Block acquire(int length) {
        Arena arena = Arena.ofShared();
        MemorySegment segment = arena.allocate(length);
        return new Block() {
            private long key;

            @Override
            public MemorySegment segment() {
                return segment;
            }

            @Override
            public RemoteMemory readable() {
                RemoteMemory memory = grant(segment);
                granted.remove(key);
                key = memory.key();
                return memory;
            }

            @Override
            public void close() {
                granted.remove(key);
                arena.close();
            }
        };
    }

    @Override
    public void pull(RemoteMemory from, MemorySegment into) {
        into.copyFrom(find(from));
    }

    @Override
    public void push(MemorySegment from, RemoteMemory into) {
        find(into).copyFrom(from);
    }

    private MemorySegment find(RemoteMemory memory) {
        MemorySegment segment = granted.get(memory.key());
        if (segment == null) {
            throw new RpcException(StatusCode.REMOTE_MEMORY_REFUSED, "unknown key " + memory.key());
        }
        return segment.asSlice(memory.address(), memory.length());
    }
}
