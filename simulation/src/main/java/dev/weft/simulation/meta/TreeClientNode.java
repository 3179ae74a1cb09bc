package dev.weft.simulation.meta;

import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MetaServiceRpc;
import dev.weft.client.FileSystemConfig;
import dev.weft.client.User;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.simulation.Node;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The machine of a client, which works on the tree for as long as the world wants. */
final class TreeClientNode extends Node {
    /** Shorter than in production, so that more is tried in a run. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

    static final Duration PATIENCE = Duration.ofSeconds(8);

    private final MetaWorld world;

    TreeClientNode(MetaWorld world, String name) {
        super(world, name);
        this.world = world;
    }

    @Override
    protected void run(Environment environment) throws InterruptedException {
        new TreeWorkload(world, environment, calls(environment, PATIENCE)).run();
    }

    /** The way of one process to the metadata service. */
    TreeCalls calls(Environment environment, Duration patience) {
        BufferPool buffers = buffers(environment);
        RpcClient rpc = client(environment, buffers);
        UUID id = new UUID(environment.random().nextLong(), environment.random().nextLong());
        world.began(this, id);
        MetaService service = RepeatingMeta.over(
                world.parts().reached(rpc.stub(MetaServiceRpc.SERVICE, world.addresses())), world, environment);
        // Metadata needs no map of the cluster: the follower is not started.
        RoutingFollower follower =
                new RoutingFollower(rpc.stub(ClusterManagerRpc.SERVICE, world.addresses()[0]), environment);
        WeftFileSystem files = new WeftFileSystem(
                new FileSystemConfig(1 << 20, 4, CALL_TIMEOUT, patience, 1024, User.ROOT),
                environment,
                id,
                buffers,
                service,
                follower,
                node -> {
                    throw new IllegalStateException("no bytes are stored, and not at " + node);
                });
        return new TreeCalls(
                world, environment, files, service, new Credentials(id, 0, 0, List.of()), CALL_TIMEOUT, patience);
    }
}
