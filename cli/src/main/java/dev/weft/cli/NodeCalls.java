package dev.weft.cli;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.StorageServiceRpc;
import dev.weft.client.StorageNodes;
import dev.weft.rpc.RpcClient;
import dev.weft.storage.Peers;

/** How clients and servers reach the nodes of a cluster. */
public record NodeCalls(RpcClient client) implements Peers, StorageNodes {
    @Override
    public StorageService storage(NodeInfo node) {
        return client.stub(StorageServiceRpc.SERVICE, node.addresses().toArray(String[]::new));
    }

    @Override
    public void lost(NodeInfo node) {
        client.disconnect(node.addresses(), "the cluster takes node " + node.nodeId() + " for dead");
    }
}
