package dev.weft.api.cluster.routing;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import java.time.Duration;

/**
 * The cluster manager that is the primary now, whichever it is: follows fail-over, see {@link PrimaryFinder}.
 *
 * <p>Thread-safe. A call blocks as long as the finder takes, plus, when asking for routing, as long as the request says.
 */
public final class PrimaryManager implements ClusterManager {
    private final PrimaryFinder<ClusterManager> finder;

    public PrimaryManager(PrimaryFinder<ClusterManager> finder) {
        this.finder = finder;
    }

    @Override
    public HeartbeatReply heartbeat(HeartbeatRequest request) {
        return finder.call(Duration.ZERO, manager -> manager.heartbeat(request));
    }

    @Override
    public RoutingReply routing(RoutingRequest request) {
        return finder.call(request.patience(), manager -> manager.routing(request));
    }

    @Override
    public StatusReply status() {
        return finder.call(Duration.ZERO, ClusterManager::status);
    }
}
