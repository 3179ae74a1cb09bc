package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.List;

/** One result for each change, in the request's order. */
@Serde
public record UpdateBatchReply(List<UpdateResult> results) {}
