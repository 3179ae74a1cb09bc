package dev.weft.rpc.rdma;

import dev.weft.rpc.rdma.RegisteredMemory.Slab;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The registered memory of one queue pair: a ring of buffers to send from, buffers to receive into, and room for
 * acknowledgements where there is no immediate data.
 *
 * <pre>
 *  | word | buffer | word | buffer | ...  send buffers ... | word | buffer | ...  receive buffers ... | word | word | ...
 * </pre>
 *
 * The word before a buffer is used only where there is no immediate data.
 */
final class Ring implements AutoCloseable {
    /** The word and what keeps the buffer aligned. */
    static final int WORD_BYTES = 8;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final RegisteredMemory device;
    private final int sendBuffers;
    private final int slotBytes;
    private final int receives;
    private final Slab slab;

    Ring(OpenDevice device, int sendBuffers, int receives, int acknowledgements, int bufferBytes) throws IOException {
        this.device = device.memory();
        this.sendBuffers = sendBuffers;
        this.receives = receives;
        this.slotBytes = WORD_BYTES + bufferBytes;
        long bytes = (long) (sendBuffers + receives) * slotBytes + (long) acknowledgements * WORD_BYTES;
        this.memory = arena.allocate(bytes, 4096);
        Slab registered = this.device.add(memory);
        if (registered == null) {
            arena.close();
            throw new IOException("the ring of " + bytes + " bytes cannot be registered with " + device.name());
        }
        this.slab = registered;
    }

    MemorySegment memory() {
        return memory;
    }

    int lkey() {
        return slab.lkey();
    }

    int receives() {
        return receives;
    }

    int slotBytes() {
        return slotBytes;
    }

    /** Where the send buffer with this place begins, at its word. */
    long sendAt(int place) {
        return (long) place * slotBytes;
    }

    long receiveAt(int place) {
        return (long) (sendBuffers + place) * slotBytes;
    }

    long acknowledgementAt(int place) {
        return (long) (sendBuffers + receives) * slotBytes + (long) place * WORD_BYTES;
    }

    /** Frees the memory; the queue pair is destroyed. */
    @Override
    public void close() {
        device.remove(memory);
        arena.close();
    }
}
