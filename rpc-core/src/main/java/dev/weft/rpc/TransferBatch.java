package dev.weft.rpc;

import dev.weft.rpc.spi.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One-sided transfers that travel together: one submission, one wait.
 *
 * <p>A batch can be executed again and again, which repeats the same transfers and allocates nothing, or be cleared and
 * filled anew. For one thread at a time.
 */
public final class TransferBatch {
    private final List<Transfer> transfers = new ArrayList<>();
    private final Consumer<List<Transfer>> executor;

    TransferBatch(Consumer<List<Transfer>> executor) {
        this.executor = executor;
    }

    /**
     * Adds a copy of the peer's memory into ours.
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public TransferBatch read(RemoteMemory from, MemorySegment into) {
        transfers.add(new Transfer.Read(from, into));
        return this;
    }

    /**
     * Adds a copy of our memory into the peer's.
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public TransferBatch write(MemorySegment from, RemoteMemory into) {
        transfers.add(new Transfer.Write(from, into));
        return this;
    }

    /**
     * Does them all, in any order, and waits for the last. They stay in the batch. Local memory that is given back to its pool
     * must not be left in a batch that is executed again.
     *
     * @throws RpcException for the first that failed; the state of the others is not known
     */
    public void execute() {
        if (!transfers.isEmpty()) {
            executor.accept(transfers);
        }
    }

    /** Forgets the transfers, but not the room for them. */
    public TransferBatch clear() {
        transfers.clear();
        return this;
    }

    /** How many transfers it has. */
    public int size() {
        return transfers.size();
    }
}
