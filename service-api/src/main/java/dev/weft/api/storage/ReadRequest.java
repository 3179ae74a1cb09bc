package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.List;

/** Reads pieces of chunks that one storage node holds. */
@Serde
public record ReadRequest(List<ReadPiece> pieces) {}
