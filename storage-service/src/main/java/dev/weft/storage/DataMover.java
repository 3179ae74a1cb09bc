package dev.weft.storage;

import dev.weft.rpc.RemoteMemory;
import java.lang.foreign.MemorySegment;

/** Moves the bytes of chunks between this process and the peer whose request is being handled, one-sided. */
public interface DataMover {
    /** Memory that a peer may be let into. */
    Block acquire(int length);

    /** Fills {@code into} from the caller's memory. Lengths are equal. */
    void pull(RemoteMemory from, MemorySegment into);

    /** Writes {@code from} to the caller's memory. Lengths are equal. */
    void push(MemorySegment from, RemoteMemory into);

    /** Memory that a peer may be let into. */
    interface Block extends AutoCloseable {
        /** As long as was asked for. */
        MemorySegment segment();

        /** Lets whoever gets this read the memory, until {@link #close}. */
        RemoteMemory readable();

        /** Ends what was granted and gives the memory back. */
        @Override
        void close();
    }
}
