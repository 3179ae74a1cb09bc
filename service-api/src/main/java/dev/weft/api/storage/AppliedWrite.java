package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** The last write of one client's channel that a target applied, and what it answered. */
@Serde
public record AppliedWrite(WriteTag tag, UpdateReply reply) {}
