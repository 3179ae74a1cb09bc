package dev.weft.cluster;

import dev.weft.api.cluster.Move;
import dev.weft.serde.Serde;
import java.util.List;

/**
 * What operators want, as far as it is not done yet.
 *
 * @param offline targets to be kept out of use
 * @param former targets that were part of a chain once and hold its chunks: they join chains only by being filled
 * @param draining nodes to be emptied
 * @param moves under way, one at most per chain
 * @param rotating chains on their way to their preferred order
 * @param rebalancing whether targets are moved until all nodes have their share
 */
@Serde
public record Plan(
        List<Long> offline,
        List<Long> former,
        List<Integer> draining,
        List<Move> moves,
        List<Integer> rotating,
        boolean rebalancing) {
    static final Plan NOTHING = new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), false);
}
