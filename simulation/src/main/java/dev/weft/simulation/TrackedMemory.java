package dev.weft.simulation;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.RemoteMemory;
import dev.weft.storage.DataMover;
import dev.weft.storage.PeerMemory;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.Set;

/** The memory of a process that may be killed, which gives nothing back: this does so once nobody can use it. */
final class TrackedMemory implements DataMover {
    private final BufferPool buffers;
    private final DataMover memory;
    private final Set<Block> used = new LinkedHashSet<>();

    TrackedMemory(BufferPool buffers) {
        this.buffers = buffers;
        this.memory = new PeerMemory(buffers);
    }

    @Override
    public Block acquire(int length) {
        Block block = memory.acquire(length);
        used.add(block);
        return new Block() {
            @Override
            public MemorySegment segment() {
                return block.segment();
            }

            @Override
            public RemoteMemory readable() {
                return block.readable();
            }

            @Override
            public void close() {
                if (used.remove(block)) {
                    block.close();
                }
            }
        };
    }

    @Override
    public void pull(RemoteMemory from, MemorySegment into) {
        memory.pull(from, into);
    }

    @Override
    public void push(MemorySegment from, RemoteMemory into) {
        memory.push(from, into);
    }

    /** Gives all memory back; when the world has ended. */
    void release() {
        used.forEach(Block::close);
        try {
            buffers.close();
        } catch (IllegalStateException e) {
            // A call that was cut short has some of it. It is little, and the seeds are few.
            used.clear();
        }
    }
}
