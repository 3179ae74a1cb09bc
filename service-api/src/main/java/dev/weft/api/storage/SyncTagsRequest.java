package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.List;

/** Teaches a target that is being filled which writes its predecessor has applied, so that it knows their retries. */
@Serde
public record SyncTagsRequest(ChainRef chain, long targetId, List<AppliedWrite> applied) {}
