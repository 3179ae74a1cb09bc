package dev.weft.storage;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Context;
import dev.weft.rpc.RemoteMemory;
import java.lang.foreign.MemorySegment;

/** Moves bytes over the connection that the request being handled came on. */
public final class PeerMemory implements DataMover {
    private final BufferPool buffers;

    /** @param buffers the pool of the client and the server that calls go through */
    public PeerMemory(BufferPool buffers) {
        this.buffers = buffers;
    }

    @Override
    public Block acquire(int length) {
        Buffer buffer = buffers.acquire(length);
        return new Block() {
            @Override
            public MemorySegment segment() {
                return buffer.segment();
            }

            @Override
            public RemoteMemory readable() {
                return buffer.remote(RemoteMemory.Access.READ);
            }

            @Override
            public void close() {
                buffer.close();
            }
        };
    }

    @Override
    public void pull(RemoteMemory from, MemorySegment into) {
        Context.current().peer().read(from, into);
    }

    @Override
    public void push(MemorySegment from, RemoteMemory into) {
        Context.current().peer().write(from, into);
    }
}
