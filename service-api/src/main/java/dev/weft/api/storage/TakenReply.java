package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** Whether the target has the change, or has had it. */
@Serde
public record TakenReply(boolean taken) {}
