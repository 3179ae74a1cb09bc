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

    /** Targets of a node are numbered {@code nodeId * TARGETS_PER_NODE_MAX + index}. */
    static final int TARGETS_PER_NODE_MAX = 1000;

    private HeartbeatCheck() {}

    static Optional<Refusal> check(HeartbeatRequest request, ClusterMap map, int nodesMax) {
        int nodeId = request.nodeId();
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
        NodeInfo known = map.nodes().get(nodeId);
        if (known != null && known.role() != request.role()) {
            return refuse("node " + nodeId + " is registered as " + known.role() + ", not as " + request.role());
        }
        if (known == null && map.nodes().size() >= nodesMax) {
            return Optional.of(Refusal.tooMany("node " + nodeId + " would be more than " + nodesMax + " nodes"));
        }
        return checkTargets(request);
    }

    private static Optional<Refusal> checkTargets(HeartbeatRequest request) {
        if (request.role() != NodeRole.STORAGE && !request.targets().isEmpty()) {
            return refuse("node " + request.nodeId() + " is no storage node and reports targets");
        }
        Set<Long> seen = new HashSet<>();
        for (LocalTarget target : request.targets()) {
            if (target.targetId() / TARGETS_PER_NODE_MAX != request.nodeId()) {
                return refuse("target " + target.targetId() + " is not one of node " + request.nodeId()
                        + ", whose targets begin at " + (long) request.nodeId() * TARGETS_PER_NODE_MAX);
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
