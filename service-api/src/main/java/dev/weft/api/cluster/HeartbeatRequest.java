package dev.weft.api.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * Registers a node, renews its lease and reports its targets.
 *
 * @param incarnation differs for each start of the process, and grows
 * @param sequence grows by one with each heartbeat of an incarnation; stale ones are ignored
 * @param routingVersion what the sender knows; the reply brings routing only if there is something newer
 * @param clusterId the cluster that the node's data belong to; empty for a node that was never part of one
 * @param config how far the node has followed its options
 */
@Serde
public record HeartbeatRequest(
        int nodeId,
        NodeRole role,
        List<String> addresses,
        long incarnation,
        long sequence,
        long routingVersion,
        List<LocalTarget> targets,
        String clusterId,
        ConfigStatus config) {
    /** Of a node that was never part of a cluster. */
    public HeartbeatRequest(
            int nodeId,
            NodeRole role,
            List<String> addresses,
            long incarnation,
            long sequence,
            long routingVersion,
            List<LocalTarget> targets) {
        this(nodeId, role, addresses, incarnation, sequence, routingVersion, targets, "", ConfigStatus.NONE);
    }
}
