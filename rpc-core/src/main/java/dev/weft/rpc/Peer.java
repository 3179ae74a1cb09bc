package dev.weft.rpc;

import java.lang.foreign.MemorySegment;

/**
 * Another process: calls go to its services, transfers to the memory that it has granted. Thread-safe; all methods block
 * the calling thread, under the deadline of the current {@link Context}, and end early when it is interrupted.
 */
public interface Peer extends Caller {
    /** Where it is, for people. */
    String address();

    /** Begins a set of transfers that travel together and are awaited once. */
    TransferBatch batch();

    /**
     * Copies the peer's memory into ours, all of it.
     *
     * @throws IllegalArgumentException if the lengths differ
     * @throws RpcException REMOTE_MEMORY_REFUSED, DEADLINE_EXCEEDED, CANCELLED, CONNECTION_LOST or UNAVAILABLE; after any
     *     of them the content of {@code into} is undefined, but it is not written any more
     */
    default void read(RemoteMemory from, MemorySegment into) {
        batch().read(from, into).execute();
    }

    /**
     * Copies our memory into the peer's, all of it.
     *
     * @throws IllegalArgumentException if the lengths differ
     * @throws RpcException as for {@link #read}; after it the content of the peer's memory is undefined
     */
    default void write(MemorySegment from, RemoteMemory into) {
        batch().write(from, into).execute();
    }
}
