package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/** Where everything is. Complete in itself; a higher version replaces a lower one. */
@Serde
public record RoutingInfo(long version, List<NodeInfo> nodes, List<Chain> chains, List<ChainTable> tables) {
    /** Routing without tables. */
    public RoutingInfo(long version, List<NodeInfo> nodes, List<Chain> chains) {
        this(version, nodes, chains, List.of());
    }
}
