package dev.weft.rpc;

import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.spi.Region;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Memory from a {@link BufferPool} that a peer can be granted access to.
 *
 * <p>{@link #close} ends the grant and gives the memory back. A peer that is in the middle of a transfer cannot touch the
 * memory once another buffer has it: it returns to the pool only when the last transfer has let go. For one thread.
 */
public final class Buffer implements AutoCloseable {
    private final BufferPool pool;
    private final BufferPool.Block block;
    private final MemorySegment segment;
    private @Nullable Region region;
    private boolean closed;

    /** Holders of the block: this buffer, and each grant with a transfer in progress. */
    private final AtomicInteger holders = new AtomicInteger(1);

    Buffer(BufferPool pool, BufferPool.Block block, int size) {
        this.pool = pool;
        this.block = block;
        this.segment = block.memory().asSlice(0, size);
    }

    /** The memory, of exactly the size that was asked for; its content is undefined. Not to be used after close. */
    public MemorySegment segment() {
        if (closed) {
            throw new IllegalStateException("the buffer is closed");
        }
        return segment;
    }

    /** Grants access and names the memory for a message. A second call replaces the first grant. */
    public RemoteMemory remote(Access access) {
        MemorySegment memory = segment();
        revoke();
        holders.incrementAndGet();
        Region granted = pool.registry().register(memory, access, this::release);
        region = granted;
        return granted.remote();
    }

    /** Ends the grant: no transfer by a peer begins from now on, and those in progress stop at their next piece. */
    public void revoke() {
        Region granted = region;
        if (granted != null) {
            region = null;
            granted.revoke();
        }
    }

    /** Ends the grant and gives the memory back. Does nothing the second time. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            revoke();
            release();
        }
    }

    private void release() {
        if (holders.decrementAndGet() == 0) {
            pool.giveBack(block);
        }
    }
}
