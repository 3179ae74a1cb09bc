package dev.weft.api.cluster;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/** What operators do to a cluster. The primary manager answers. */
@RpcService
public interface ClusterAdmin {
    /**
     * Changes targets, chains, tables or nodes. Doing again what has been done changes nothing.
     *
     * @throws dev.weft.rpc.RpcException INVALID_ARGUMENT for what is not there, FAILED_PRECONDITION for what the state of
     *     the cluster forbids, with the reason
     */
    @Idempotent
    ChangeReply change(ClusterChange change) throws NotPrimaryException;

    /** What is being moved, drained and rebalanced. */
    @Idempotent
    OperationsReply operations() throws NotPrimaryException;

    /** The options of all nodes of a kind. */
    @Idempotent
    ConfigSet config(ConfigRequest request) throws NotPrimaryException;

    /** Changes options of all nodes of a kind; the nodes hear of it with their next heartbeat. */
    @Idempotent
    ConfigSet setConfig(ConfigChange change) throws NotPrimaryException;
}
