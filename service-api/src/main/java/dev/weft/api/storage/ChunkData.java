package dev.weft.api.storage;

import dev.weft.rpc.RemoteMemory;
import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;

/** Where the bytes of a write are: in the message when they are few, otherwise in the sender's memory, to be pulled. */
@Serde
public sealed interface ChunkData {
    @Serde
    record Inline(MemorySegment bytes) implements ChunkData {}

    @Serde
    record Remote(RemoteMemory memory) implements ChunkData {}

    /** The operation carries no bytes. */
    @Serde
    record None() implements ChunkData {}
}
