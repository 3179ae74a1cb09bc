package dev.weft.api.storage;

import dev.weft.serde.Serde;

/** The chain that a request is for, and the version of it that the sender knows; another version is refused. */
@Serde
public record ChainRef(int chainId, int version) {}
