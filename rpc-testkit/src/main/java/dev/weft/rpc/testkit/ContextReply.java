package dev.weft.rpc.testkit;

import dev.weft.serde.Serde;

/** What a handler saw of its context; {@code remainingNanos} is -1 without a deadline. */
@Serde
public record ContextReply(long remainingNanos, String identity, String traceId) {}
