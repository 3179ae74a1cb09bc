package dev.weft.storage;

import static dev.weft.storage.FakeManager.target;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.member.Member;
import dev.weft.api.storage.StorageException;
import dev.weft.rpc.Environment;
import dev.weft.storage.engine.ChunkEngine;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HeartbeatsTest {
    private static final StorageConfig CONFIG =
            new StorageConfig(1, 1, List.of(), List.of(1L), Duration.ofMillis(5), Duration.ofSeconds(5));

    /** What the target goes through, by version of the routing. */
    private static final List<PublicState> STATES =
            List.of(PublicState.OFFLINE, PublicState.SERVING, PublicState.SYNCING);

    private final Environment environment = Environment.system();
    private final Lease lease = new Lease(environment.clock());
    private final CompletableFuture<String> served = new CompletableFuture<>();
    private final ChunkEngine engine = engine();
    private final Targets targets = new Targets(
            CONFIG, engine, new TargetRecovery(engine, new ChunkLocks()), lease, new Fillings(), new Counters());

    @Test
    void aLeaseThatComesBackIsNotGoneByBeforeTheNewsThatComesWithIt() throws Exception {
        Heartbeats heartbeats =
                new Heartbeats(CONFIG, new Manager(), targets, lease, engine, Member.fresh(), environment);
        heartbeats.start();
        try {
            assertEquals(
                    "NOT_SERVING: target 1 of chain 1 has lost touch with the cluster manager",
                    served.get(30, TimeUnit.SECONDS));
        } finally {
            heartbeats.close();
        }
    }

    /** Looks, while the node takes in that its target is filled now, whether it still serves. */
    private ChunkEngine engine() {
        return (ChunkEngine) Proxy.newProxyInstance(
                ChunkEngine.class.getClassLoader(),
                new Class<?>[] {ChunkEngine.class},
                (_, method, _) -> switch (method.getName()) {
                    case "usedBytes", "capacityBytes" -> 0L;
                    case "list" -> List.of();
                    case "forgetApplied" -> served.complete(whetherItServes());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private String whetherItServes() {
        try {
            return targets.current(1) + " serves";
        } catch (StorageException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Answers with the next routing, and with a lease once the target is no longer to serve. */
    private static final class Manager implements ClusterManager {
        @Override
        public HeartbeatReply heartbeat(HeartbeatRequest request) {
            int version = (int) request.routingVersion();
            if (version == STATES.size()) {
                return new HeartbeatReply(Duration.ofHours(1), Optional.empty());
            }
            PublicState state = STATES.get(version);
            NodeInfo node = new NodeInfo(1, NodeRole.STORAGE, List.of(), true);
            Chain chain = new Chain(1, version + 1, List.of(target(1, state)));
            return new HeartbeatReply(
                    state == PublicState.SYNCING ? Duration.ofHours(1) : Duration.ZERO,
                    Optional.of(new RoutingInfo(version + 1, List.of(node), List.of(chain))));
        }

        @Override
        public RoutingReply routing(RoutingRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StatusReply status() {
            throw new UnsupportedOperationException();
        }
    }
}
