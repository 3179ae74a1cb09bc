package dev.weft.api.cluster;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/** Membership, leases and routing. Several managers may run; the primary answers, the others name it. */
@RpcService
public interface ClusterManager {
    /** Registers the node if it is new, renews its lease and takes its report. */
    @Idempotent
    HeartbeatReply heartbeat(HeartbeatRequest request) throws NotPrimaryException;

    /** Routing newer than the caller's. */
    @Idempotent
    RoutingReply routing(RoutingRequest request) throws NotPrimaryException;

    /** Nodes, chains and targets with their space. */
    @Idempotent
    StatusReply status() throws NotPrimaryException;
}
