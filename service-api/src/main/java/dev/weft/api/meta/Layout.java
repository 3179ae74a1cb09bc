package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.List;

/** Where a file's chunks are: chunk {@code i} is on chain {@code chains[i mod chains.size()]}. */
@Serde
public record Layout(int chunkSize, List<Integer> chains) {}
