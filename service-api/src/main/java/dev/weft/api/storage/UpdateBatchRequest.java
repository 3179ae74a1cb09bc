package dev.weft.api.storage;

import dev.weft.serde.Serde;
import java.util.List;

/** Changes of different chunks, whose heads are all on the node that gets this; each has a tag, and a lane, of its own. */
@Serde
public record UpdateBatchRequest(List<UpdateRequest> updates) {}
