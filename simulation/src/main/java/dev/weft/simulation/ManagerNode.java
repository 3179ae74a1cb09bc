package dev.weft.simulation;

import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.cluster.ClusterManagerConfig;
import dev.weft.cluster.ClusterManagerServer;
import dev.weft.kv.KeyValueStore;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.time.Duration;

/** The machine of the cluster manager. What it stores survives. */
final class ManagerNode extends Node {
    private static final Duration FAILURE_TIME = Duration.ofSeconds(2);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

    private final KeyValueStore store;

    ManagerNode(World world, String name, KeyValueStore store) {
        super(world, name);
        this.store = store;
    }

    @Override
    void run(Environment environment) throws IOException, InterruptedException {
        ClusterManagerConfig config = new ClusterManagerConfig(
                FAILURE_TIME,
                FAILURE_TIME.dividedBy(2),
                CHECK_INTERVAL,
                World.REPLICAS,
                World.STORAGE_NODES,
                World.TARGETS_PER_NODE,
                Duration.ofSeconds(10),
                1000,
                1000,
                FAILURE_TIME.dividedBy(2),
                1000,
                Duration.ofMinutes(1),
                1000,
                4);
        ClusterManagerServer manager = new ClusterManagerServer(config, environment, store);
        manager.start();
        server(environment, buffers(environment))
                .bind(ClusterManagerRpc.SERVICE, manager)
                .start();
    }
}
