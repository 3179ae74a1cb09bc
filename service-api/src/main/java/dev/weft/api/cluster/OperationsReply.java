package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * What is on its way.
 *
 * @param rebalancing whether targets are being moved to even out the nodes
 * @param waiting why something wanted cannot go on now; empty if nothing waits
 */
@Serde
public record OperationsReply(List<Move> moves, List<Drain> drains, boolean rebalancing, List<String> waiting) {
    /**
     * A node being emptied.
     *
     * @param left targets that are still part of a chain
     */
    @Serde
    public record Drain(int nodeId, int left) {}
}
