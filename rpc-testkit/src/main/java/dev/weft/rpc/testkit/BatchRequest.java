package dev.weft.rpc.testkit;

import dev.weft.rpc.RemoteMemory;
import dev.weft.serde.Serde;
import java.util.List;

/** Memory of the caller for the handler to read, and to write, in one batch. */
@Serde
public record BatchRequest(List<RemoteMemory> reads, List<RemoteMemory> writes) {}
