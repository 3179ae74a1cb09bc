package dev.weft.storage;

import dev.weft.api.storage.ChunkData;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.storage.engine.Checksum;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The bytes that come with a change, verified, in memory of this process. For one thread. */
final class Payload implements AutoCloseable {
    private final MemorySegment bytes;
    private final DataMover.@Nullable Block block;

    private Payload(MemorySegment bytes, DataMover.@Nullable Block block) {
        this.bytes = bytes;
        this.block = block;
    }

    /** Memory of our own, to be filled. */
    static Payload allocate(DataMover mover, int length) {
        DataMover.Block block = mover.acquire(length);
        return new Payload(block.segment(), block);
    }

    /** Takes the operation's bytes from the message, or pulls them from the caller. */
    static Payload receive(ChunkOperation operation, DataMover mover) throws StorageException {
        if (!(operation instanceof ChunkOperation.Write write)) {
            return new Payload(MemorySegment.NULL, null);
        }
        Payload payload = switch (write.data()) {
            case ChunkData.Inline(MemorySegment bytes) -> new Payload(bytes, null);
            case ChunkData.Remote(var memory) -> {
                DataMover.Block block = mover.acquire(write.length());
                try {
                    mover.pull(memory.slice(0, write.length()), block.segment());
                } catch (RuntimeException e) {
                    block.close();
                    throw e;
                }
                yield new Payload(block.segment(), block);
            }
            case ChunkData.None() -> new Payload(MemorySegment.NULL, null);
        };
        int found = Checksum.of(payload.bytes);
        if (found != write.checksum()) {
            payload.close();
            throw Faults.of(
                    Kind.CHECKSUM_MISMATCH,
                    write.length() + " bytes have checksum " + Integer.toHexString(found) + ", the writer said "
                            + Integer.toHexString(write.checksum()));
        }
        return payload;
    }

    MemorySegment bytes() {
        return bytes;
    }

    /** The bytes for the next message: named if they are in a block, copied otherwise. */
    ChunkData data() {
        if (bytes.byteSize() == 0) {
            return new ChunkData.None();
        }
        return block == null ? new ChunkData.Inline(bytes) : new ChunkData.Remote(block.readable());
    }

    @Override
    public void close() {
        if (block != null) {
            block.close();
        }
    }
}
