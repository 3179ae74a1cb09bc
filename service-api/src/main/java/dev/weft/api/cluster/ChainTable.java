package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * A named list of chains, for files to be laid out over.
 *
 * @param version grows by one with each change
 * @param chains by id
 */
@Serde
public record ChainTable(int tableId, int version, List<Integer> chains) {
    /** The table that the manager keeps by itself: all chains. */
    public static final int ALL = 1;
}
