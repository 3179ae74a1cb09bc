package dev.weft.simulation;

import dev.weft.api.cluster.ClusterAdminRpc;
import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.cluster.ClusterManagerConfig;
import dev.weft.cluster.ClusterManagerServer;
import dev.weft.cluster.ManagerSeat;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RemoteKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine of a cluster manager. What it stores is in the store that all of them share. */
final class ManagerNode extends ClusterNode {
    private static final Duration FAILURE_TIME = Duration.ofSeconds(2);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

    /** More than leases between managers bear, so that only their terms keep them apart; what storage nodes bear. */
    private static final int DRIFT_MAX = 400_000;

    private final int managerId;

    /** Null before the first process. */
    private @Nullable ClusterManagerServer current;

    ManagerNode(World world, int managerId) {
        super(world, "m" + managerId, driftIn(world));
        this.managerId = managerId;
    }

    private static int driftIn(World world) {
        if (world.random().nextInt(4) > 0) {
            return drift(world.random());
        }
        world.coverage().count("fault.clock-drift");
        return world.random().nextInt(-DRIFT_MAX, DRIFT_MAX + 1);
    }

    boolean isPrimary() {
        ClusterManagerServer server = current;
        return isRunning() && server != null && server.isPrimary();
    }

    @Override
    protected void run(Environment environment) throws IOException, InterruptedException {
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
                FAILURE_TIME.dividedBy(3),
                1000,
                Duration.ofMinutes(1),
                1000,
                4);
        KeyValueStore store = world.parts()
                .store(new RemoteKeyValueStore(
                        world.store().link(name, incarnation, environment), StoreLimits.defaults(), environment));
        ManagerSeat seat = new ManagerSeat(managerId, List.of(address()), false);
        ClusterManagerServer manager = new ClusterManagerServer(seat, config, environment, store);
        current = manager;
        server(environment, buffers(environment))
                .bind(
                        ClusterManagerRpc.SERVICE,
                        world.parts().managing(new WatchedManager(manager, name, world.storeWatch)))
                .bind(ClusterAdminRpc.SERVICE, manager)
                .start();
        manager.start();
    }
}
