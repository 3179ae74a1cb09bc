package dev.weft.rpc.spi;

import dev.weft.rpc.RemoteMemory;
import java.lang.foreign.MemorySegment;

/** One piece of a one-sided transfer; both sides are of the same length. */
public sealed interface Transfer {
    MemorySegment local();

    RemoteMemory remote();

    /** From the peer's memory into ours. */
    record Read(RemoteMemory remote, MemorySegment local) implements Transfer {
        public Read {
            requireSameLength(remote, local);
        }
    }

    /** From our memory into the peer's. */
    record Write(MemorySegment local, RemoteMemory remote) implements Transfer {
        public Write {
            requireSameLength(remote, local);
        }
    }

    private static void requireSameLength(RemoteMemory remote, MemorySegment local) {
        if (remote.length() != local.byteSize()) {
            throw new IllegalArgumentException(
                    "remote memory of " + remote.length() + " bytes, local of " + local.byteSize());
        }
    }
}
