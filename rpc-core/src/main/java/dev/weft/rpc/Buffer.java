package dev.weft.rpc;

import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.Region;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Memory from a {@link BufferPool}, or registered with one, that a peer can be granted access to.
 *
 * <p>{@link #close} ends the grant and gives the memory back. A peer that is in the middle of a transfer cannot touch the
 * memory once another buffer has it: it returns to the pool only when the last transfer has let go. For one thread.
 */
public final class Buffer implements AutoCloseable {
    private static final AtomicIntegerFieldUpdater<Buffer> HOLDERS =
            AtomicIntegerFieldUpdater.newUpdater(Buffer.class, "holders");

    private final MemoryRegistry registry;
    private final Lender lender;
    private final MemorySegment segment;
    private @Nullable Region region;
    private boolean closed;

    /** Holders of the memory: this buffer, and each grant with a transfer in progress. A field, to save an object each. */
    @SuppressWarnings("unused") // through HOLDERS
    private volatile int holders = 1;

    Buffer(MemoryRegistry registry, Lender lender, MemorySegment memory, long size) {
        this.registry = registry;
        this.lender = lender;
        this.segment = memory.byteSize() == size ? memory : memory.asSlice(0, size);
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
        HOLDERS.incrementAndGet(this);
        Region granted = registry.register(memory, access, () -> release(false));
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
            release(true);
        }
    }

    private void release(boolean onOwnersThread) {
        if (HOLDERS.decrementAndGet(this) == 0) {
            lender.takeBack(onOwnersThread);
        }
    }
}
