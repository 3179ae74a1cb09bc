package dev.weft.rpc.testkit;

import dev.weft.serde.Serde;

/** CRC32C of what a handler read. */
@Serde
public record ChecksumReply(long checksum) {}
