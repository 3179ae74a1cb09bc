package dev.weft.simulation.meta;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.meta.MetaServiceRpc;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RemoteKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreService;
import dev.weft.meta.Membership;
import dev.weft.meta.MetaConfig;
import dev.weft.meta.MetaServer;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.simulation.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The machine of a metadata server. What it stores is in the store that all of them share. */
final class MetaServerNode extends Node {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** One chain is enough: no bytes are stored. */
    private static final Routing ROUTING = Routing.of(new RoutingInfo(
            1, List.of(), List.of(new Chain(1, 1, List.of(new ChainTarget(1, 1, PublicState.SERVING))))));

    /** Shorter than in production, so that something comes of it in a run. */
    private static final MetaConfig CONFIG =
            MetaConfig.defaults().withSessions(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofHours(1));

    private final MetaWorld world;
    final int nodeId;

    MetaServerNode(MetaWorld world, int nodeId) {
        super(world, "meta" + nodeId);
        this.world = world;
        this.nodeId = nodeId;
    }

    @Override
    protected void run(Environment environment) throws IOException, InterruptedException {
        StoreService link = world.parts().link(world.store().link(name, incarnation, environment));
        KeyValueStore store = world.parts().store(new RemoteKeyValueStore(link, StoreLimits.defaults(), environment));
        Membership others = new Membership(nodeId, world::servers, Optional.of(world::liveClients));
        MetaServer server = new MetaServer(CONFIG, environment, store, () -> ROUTING, others, world.chunks);
        begin(server, environment);
        server(environment, buffers(environment))
                .bind(MetaServiceRpc.SERVICE, world.parts().served(server))
                .start();
    }

    /** A server that only looks, from where the world is. */
    static MetaServer observer(MetaWorld world, KeyValueStore store) {
        return new MetaServer(
                CONFIG, world.simulation().environment(), store, () -> ROUTING, Membership.alone(), world.chunks);
    }

    /** The store may be away. */
    private static void begin(MetaServer server, Environment environment) throws InterruptedException {
        while (true) {
            try {
                server.start();
                return;
            } catch (RpcException e) {
                environment.clock().sleep(PAUSE);
            }
        }
    }
}
