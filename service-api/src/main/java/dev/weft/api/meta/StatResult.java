package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** An inode, or why there is none. */
@Serde
public sealed interface StatResult {
    @Serde
    record Found(Inode inode) implements StatResult {}

    @Serde
    record Refused(MetaFault fault) implements StatResult {}
}
