package dev.weft.cluster;

import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a heartbeat must be like, since anyone who reaches the port can send one. */
final class HeartbeatCheck {
    private static final int ADDRESSES_MAX = 64;
    private static final int ADDRESS_CHARS_MAX = 256;
    private static final int ERROR_CHARS_MAX = 1000;

    private HeartbeatCheck() {}

    static Optional<Refusal> check(HeartbeatRequest request, ClusterMap map, String clusterId, int nodesMax) {
        int nodeId = request.nodeId();
        if (!request.clusterId().isEmpty() && !request.clusterId().equals(clusterId)) {
            return Optional.of(foreign(request, clusterId));
        }
        if (nodeId < 1) {
            return refuse("node id " + nodeId + " is below 1");
        }
        if (request.addresses().isEmpty() || request.addresses().size() > ADDRESSES_MAX) {
            return refuse("node " + nodeId + " has " + request.addresses().size() + " addresses, must have 1 to "
                    + ADDRESSES_MAX);
        }
        for (String address : request.addresses()) {
            if (address.length() > ADDRESS_CHARS_MAX) {
                return refuse("node " + nodeId + " has an address of " + address.length() + " characters, above "
                        + ADDRESS_CHARS_MAX);
            }
        }
        if (request.config().error().length() > ERROR_CHARS_MAX) {
            return refuse("node " + nodeId + " reports an error of "
                    + request.config().error().length() + " characters, above " + ERROR_CHARS_MAX);
        }
        NodeInfo known = map.nodes().get(nodeId);
        if (known != null && known.role() != request.role()) {
            return refuse("node " + nodeId + " is registered as " + known.role() + ", not as " + request.role());
        }
        if (known == null && map.nodes().size() >= nodesMax) {
            return Optional.of(Refusal.tooMany("node " + nodeId + " would be more than " + nodesMax + " nodes"));
        }
        return checkTargets(request);
    }

    /** Whatever the reason, chains over chunks of another cluster would mix up both. */
    private static Refusal foreign(HeartbeatRequest request, String clusterId) {
        return Refusal.stale("node " + request.nodeId() + " has data of cluster " + request.clusterId()
                + ", and this is the manager of cluster " + clusterId
                + ": either the node is told of the wrong manager, or the managers have lost their store; bring that back,"
                + " or empty the node's data folder");
    }

    private static Optional<Refusal> checkTargets(HeartbeatRequest request) {
        if (request.role() != NodeRole.STORAGE && !request.targets().isEmpty()) {
            return refuse("node " + request.nodeId() + " is no storage node and reports targets");
        }
        Set<Long> seen = new HashSet<>();
        for (LocalTarget target : request.targets()) {
            if (Targets.nodeOf(target.targetId()) != request.nodeId()) {
                return refuse("target " + target.targetId() + " is not one of node " + request.nodeId()
                        + ", whose targets begin at " + (long) request.nodeId() * Targets.PER_NODE_MAX);
            }
            if (!seen.add(target.targetId())) {
                return refuse("target " + target.targetId() + " is reported twice");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuse(String reason) {
        return Optional.of(Refusal.invalid(reason));
    }
}
