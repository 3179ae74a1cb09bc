package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.List;

/** One result for each piece, in the request's order. */
@Serde
public record ReadReply(List<ReadResult> results) {}
