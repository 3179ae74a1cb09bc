package dev.weft.rpc.testkit;

import dev.weft.rpc.RemoteMemory;
import dev.weft.serde.Serde;

/** Memory of the caller for the handler to work on. */
@Serde
public record MemoryRequest(RemoteMemory memory) {}
