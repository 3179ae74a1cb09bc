package dev.weft.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/** In which order the targets of a chain should be, head first. */
@Serde
public record ChainOrder(int chainId, List<Long> targets) {}
