package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** What became of one change of several. */
@Serde
public sealed interface UpdateResult {
    /** Every serving replica has committed it. */
    @Serde
    record Done(UpdateReply reply) implements UpdateResult {}

    /** It was refused, or got stuck; the others are not affected. */
    @Serde
    record Failed(StorageFault fault) implements UpdateResult {}
}
