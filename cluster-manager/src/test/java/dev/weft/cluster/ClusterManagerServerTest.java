package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClusterManagerServerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Environment environment = Environment.system();
    private final KeyValueStore store = new MemoryKeyValueStore(StoreLimits.defaults(), environment);
    private final StorageNode one = new StorageNode(1, 1);
    private ClusterManagerServer manager = manager(ClusterManagerConfig.defaults());

    private ClusterManagerServer manager(ClusterManagerConfig config) {
        return new ClusterManagerServer(config.withChains(3, 3, 2), environment, store);
    }

    @BeforeEach
    void start() throws InterruptedException {
        manager.start();
    }

    @AfterEach
    void close() {
        manager.close();
        store.close();
    }

    private void registerThree() {
        manager.heartbeat(one.heartbeat(LocalState.ONLINE, 0));
        manager.heartbeat(new StorageNode(2, 1).heartbeat(LocalState.ONLINE, 0));
        manager.heartbeat(new StorageNode(3, 1).heartbeat(LocalState.ONLINE, 0));
    }

    @Test
    void aHeartbeatBringsTheLeaseAndNewRouting() {
        HeartbeatReply reply = manager.heartbeat(one.heartbeat(LocalState.ONLINE, 0));
        assertEquals(ClusterManagerConfig.defaults().lease(), reply.lease());
        assertEquals(1, reply.routing().orElseThrow().nodes().getFirst().nodeId());
    }

    @Test
    void aRequestWithPatienceWaitsForNews() throws InterruptedException {
        try (RoutingFollower follower = new RoutingFollower(manager, environment)) {
            follower.start();
            registerThree();
            Routing routing = follower.current();
            while (routing.chains().isEmpty()) {
                routing = follower.awaitNewerThan(routing.version(), LONG);
            }
            assertEquals(2, routing.chains().size());
        }
    }

    @Test
    void aRequestWithoutPatienceIsAnsweredAtOnce() {
        assertEquals(new RoutingReply(Optional.empty()), manager.routing(new RoutingRequest(0, Duration.ZERO)));
        RpcException refused =
                assertThrows(RpcException.class, () -> manager.routing(new RoutingRequest(0, Duration.ofSeconds(-1))));
        assertEquals(StatusCode.INVALID_ARGUMENT, refused.code());
    }

    @Test
    void waitersGoWhenTheManagerCloses() throws InterruptedException {
        Thread waiter = Thread.ofVirtual().start(() -> manager.routing(new RoutingRequest(0, LONG)));
        manager.close();
        waiter.join();
    }

    @Test
    void chainsAndVersionsSurviveARestart() throws InterruptedException {
        registerThree();
        RoutingInfo before = manager.status().routing();
        manager.close();
        manager = manager(ClusterManagerConfig.defaults());
        manager.start();
        assertEquals(before, manager.status().routing());
        assertEquals(2, before.chains().size());
    }

    @Test
    void aManagerThatWasReplacedWritesNothingAnyMore() throws InterruptedException {
        registerThree();
        long version = manager.status().routing().version();
        try (ClusterManagerServer second = manager(ClusterManagerConfig.defaults())) {
            second.start();
            assertThrows(
                    NotPrimaryException.class,
                    () -> manager.heartbeat(new StorageNode(4, 1).heartbeat(LocalState.ONLINE, 0)));
            assertEquals(version, second.status().routing().version());
            assertEquals(2, second.status().term());
            assertThrows(NotPrimaryException.class, manager::status);
        }
    }

    @Test
    void aSilentNodeIsNoticedByTimeAlone() throws InterruptedException {
        manager.close();
        manager = manager(ClusterManagerConfig.defaults().withFailureTime(Duration.ofSeconds(2)));
        manager.start();
        registerThree();
        long version = manager.status().routing().version();
        NodeInfo node = manager.status().routing().nodes().getFirst();
        while (node.alive()) {
            manager.routing(new RoutingRequest(version, LONG));
            RoutingInfo routing = manager.status().routing();
            version = routing.version();
            node = routing.nodes().getFirst();
        }
        assertFalse(node.alive());
        assertTrue(version > 0);
    }

    @Test
    void refusesToServeBeforeItHasStarted() {
        try (ClusterManagerServer idle = manager(ClusterManagerConfig.defaults())) {
            RpcException refused = assertThrows(RpcException.class, idle::status);
            assertEquals(StatusCode.UNAVAILABLE, refused.code());
        }
    }
}
