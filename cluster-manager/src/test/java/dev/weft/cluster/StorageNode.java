package dev.weft.cluster;

import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.NodeRole;
import java.util.List;

/** Makes the heartbeats of a storage node with two targets. */
final class StorageNode {
    private final int nodeId;
    private final long incarnation;
    private long sequence;

    StorageNode(int nodeId, long incarnation) {
        this.nodeId = nodeId;
        this.incarnation = incarnation;
    }

    HeartbeatRequest heartbeat(LocalState state, int chainVersion) {
        return heartbeat(++sequence, state, chainVersion);
    }

    HeartbeatRequest heartbeat(long number, LocalState state, int chainVersion) {
        List<LocalTarget> targets = List.of(target(0, state, chainVersion), target(1, state, chainVersion));
        return new HeartbeatRequest(
                nodeId, NodeRole.STORAGE, List.of("tcp://host" + nodeId + ":1"), incarnation, number, 0, targets);
    }

    private LocalTarget target(int index, LocalState state, int chainVersion) {
        return new LocalTarget(nodeId * 1000L + index, state, chainVersion, 10, 100);
    }
}
