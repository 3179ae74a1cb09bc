package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.member.SessionKeeper;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.api.cluster.routing.PrimaryManager;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;
import dev.weft.rpc.testkit.Simulation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Those who depend on a manager, while the primary changes; in simulated worlds. */
final class FollowersTest {
    private static final ClusterManagerConfig CONFIG =
            ClusterManagerConfig.defaults().withChains(3, 3, 2);
    private static final List<String> ADDRESSES = List.of("m1", "m2");
    private static final int SEEDS = 20;

    /** Counts the answers that bring all routing, and those that bring changes. */
    private static final class Counting implements ClusterManager {
        private final ClusterManager manager;
        int whole;
        int changes;

        Counting(ClusterManager manager) {
            this.manager = manager;
        }

        @Override
        public HeartbeatReply heartbeat(HeartbeatRequest request) {
            return manager.heartbeat(request);
        }

        @Override
        public RoutingReply routing(RoutingRequest request) {
            RoutingReply reply = manager.routing(request);
            whole += reply.routing().isPresent() ? 1 : 0;
            changes += reply.changes().isPresent() ? 1 : 0;
            return reply;
        }

        @Override
        public StatusReply status() {
            return manager.status();
        }
    }

    @Test
    void routingAndSessionsFollowThePrimary() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.run(seed, simulation -> follow(simulation.environment()));
        }
    }

    private static void follow(Environment environment) throws InterruptedException {
        KeyValueStore store = new MemoryKeyValueStore(StoreLimits.defaults(), environment);
        ClusterManagerServer first = manager(1, environment, store);
        ClusterManagerServer second = manager(2, environment, store);
        first.start();
        second.start();
        Counting counting = new Counting(new PrimaryManager(new PrimaryFinder<>(
                ADDRESSES,
                address -> address.equals("m1") ? first : second,
                Duration.ofSeconds(1),
                environment.clock())));
        RoutingFollower follower = new RoutingFollower(counting, environment);
        SessionKeeper session = new SessionKeeper(
                new PrimaryFinder<>(
                        ADDRESSES,
                        address -> address.equals("m1") ? first : second,
                        Duration.ofSeconds(1),
                        environment.clock()),
                "test",
                environment);
        follower.start();
        session.start();
        for (int node = 1; node <= 3; node++) {
            counting.heartbeat(new StorageNode(node, 1).heartbeat(LocalState.ONLINE, 0));
        }
        Routing routing = follower.current();
        while (routing.chains().isEmpty()) {
            routing = follower.awaitNewerThan(routing.version(), Duration.ofSeconds(5));
        }
        environment.clock().sleep(Duration.ofSeconds(4));
        assertEquals(session.clientId(), first.sessions().sessions().getFirst().clientId());

        first.close();
        long before = follower.current().version();
        environment.clock().sleep(CONFIG.failureTime().multipliedBy(2));
        assertTrue(follower.current().version() > before, "all nodes are down by now");
        assertEquals(second.status().routing().version(), follower.current().version());
        assertEquals(second.status().routing(), follower.current().info());
        environment.clock().sleep(CONFIG.sessionTime().multipliedBy(3));
        assertEquals(session.clientId(), second.sessions().sessions().getFirst().clientId());
        session.close();
        assertEquals(List.of(), second.sessions().sessions());
        follower.close();
        second.close();
        assertTrue(counting.changes > 0 && counting.whole > 0, counting.whole + " " + counting.changes);
    }

    private static ClusterManagerServer manager(int id, Environment environment, KeyValueStore store) {
        ManagerSeat seat = new ManagerSeat(id, List.of("m" + id), false);
        return new ClusterManagerServer(seat, CONFIG, environment, store);
    }
}
