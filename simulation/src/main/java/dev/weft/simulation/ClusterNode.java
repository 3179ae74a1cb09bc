package dev.weft.simulation;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.api.cluster.routing.PrimaryManager;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import java.time.Duration;

/** A machine of the storage world, which finds the cluster managers. */
abstract class ClusterNode extends Node {
    /** How long one manager may take to answer. */
    static final Duration MANAGER_PATIENCE = Duration.ofMillis(600);

    final World world;

    ClusterNode(World world, String name) {
        super(world, name);
        this.world = world;
    }

    ClusterNode(World world, String name, int driftPerMillion) {
        super(world, name, driftPerMillion);
        this.world = world;
    }

    final ClusterManager manager(RpcClient client, Environment environment) {
        return new PrimaryManager(new PrimaryFinder<>(
                world.managerAddresses(),
                address -> client.stub(ClusterManagerRpc.SERVICE, address),
                MANAGER_PATIENCE,
                environment.clock()));
    }
}
