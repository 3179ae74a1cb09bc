package dev.weft.simulation;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.StorageService;
import dev.weft.client.ChunkClient;
import dev.weft.client.FileSystemConfig;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import java.time.Duration;

/** The machine of a client, which works on chunks with several threads for as long as the world wants. */
final class ClientNode extends ClusterNode {
    private static final int THREADS = 2;

    /** Shorter than in production, so that more is tried in a run; writes of up to half a page travel in the message. */
    private static final FileSystemConfig CONFIG =
            new FileSystemConfig(1 << 20, 4, Duration.ofSeconds(3), Duration.ofSeconds(10), 1024);

    ClientNode(World world, String name) {
        super(world, name);
    }

    @Override
    protected void run(Environment environment) {
        BufferPool buffers = buffers(environment);
        RpcClient rpc = client(environment, buffers);
        RoutingFollower follower = new RoutingFollower(manager(rpc, environment), environment)
                .onLost(node -> rpc.disconnect(node.addresses(), "dead"));
        follower.start();
        RepeatingStorage.Client again = new RepeatingStorage.Client(follower, node -> reached(rpc, node));
        ChunkClient chunks = new ChunkClient(
                CONFIG,
                environment,
                buffers,
                follower,
                node -> new RepeatingStorage(world, environment, reached(rpc, node), again));
        for (int i = 0; i < THREADS; i++) {
            environment
                    .threads()
                    .newThread(new Workload(world, environment, chunks, follower))
                    .start();
        }
    }

    private StorageService reached(RpcClient rpc, NodeInfo node) {
        return world.parts().reached(StorageNode.stub(rpc, node.addresses()));
    }
}
