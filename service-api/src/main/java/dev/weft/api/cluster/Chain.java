package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * Targets that replicate the same chunks, head first.
 *
 * @param version grows by one with each change; every storage request carries it
 */
@Serde
public record Chain(int chainId, int version, List<ChainTarget> targets) {}
