package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * What has changed in the routing since {@code since}. It leads from any version from {@code since} on to the version of
 * {@code changed}, since each entry is the whole newest state of its node, chain or table.
 *
 * @param changed nodes, chains and tables that are new or others than before, with the new version
 * @param removedNodes ids of nodes that are gone
 * @param removedChains ids of chains that are gone
 * @param removedTables ids of tables that are gone
 */
@Serde
public record RoutingDelta(
        long since,
        RoutingInfo changed,
        List<Integer> removedNodes,
        List<Integer> removedChains,
        List<Integer> removedTables) {}
