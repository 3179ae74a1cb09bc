package dev.weft.simulation;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.RoutingDelta;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import java.util.Optional;

/** A manager as it serves: what it shows of chains is what has been stored. */
record WatchedManager(ClusterManager manager, String name, StoreWatch watch) implements ClusterManager {
    @Override
    public HeartbeatReply heartbeat(HeartbeatRequest request) throws NotPrimaryException {
        HeartbeatReply reply = manager.heartbeat(request);
        check(reply.routing(), reply.changes());
        return reply;
    }

    @Override
    public RoutingReply routing(RoutingRequest request) throws NotPrimaryException {
        RoutingReply reply = manager.routing(request);
        check(reply.routing(), reply.changes());
        return reply;
    }

    @Override
    public StatusReply status() throws NotPrimaryException {
        return manager.status();
    }

    private void check(Optional<RoutingInfo> all, Optional<RoutingDelta> changes) {
        RoutingInfo shown = all.or(() -> changes.map(RoutingDelta::changed)).orElse(null);
        if (shown != null) {
            for (Chain chain : shown.chains()) {
                watch.shown(name, chain);
            }
        }
    }
}
