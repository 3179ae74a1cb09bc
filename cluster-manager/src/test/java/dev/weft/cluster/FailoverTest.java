package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.ConfigChange;
import dev.weft.api.cluster.ConfigRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.SessionRequest;
import dev.weft.api.cluster.StatusReply;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.testkit.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two managers on one store, in simulated worlds. */
final class FailoverTest {
    private static final ClusterManagerConfig CONFIG =
            ClusterManagerConfig.defaults().withChains(3, 3, 2);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int SEEDS = 20;

    /** What a test does in each world. */
    @FunctionalInterface
    private interface Story {
        void tell(World world) throws Exception;
    }

    private static void inEachWorld(Story story) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.run(seed, simulation -> {
                World world = new World(simulation);
                story.tell(world);
                world.close();
            });
        }
    }

    private static final class World {
        final Simulation simulation;
        final KeyValueStore store;

        /** What the first manager sees of the store can be cut off. */
        final CutOff firstPath;

        final ClusterManagerServer first;
        final ClusterManagerServer second;
        final StorageNode one = new StorageNode(1, 1);

        World(Simulation simulation) throws InterruptedException {
            this.simulation = simulation;
            store = new MemoryKeyValueStore(StoreLimits.defaults(), simulation.environment());
            firstPath = new CutOff(store);
            first = manager(1, firstPath);
            second = manager(2, store);
            first.start();
            second.start();
            for (StorageNode node : List.of(one, new StorageNode(2, 1), new StorageNode(3, 1))) {
                first.heartbeat(node.heartbeat(LocalState.ONLINE, 0));
            }
        }

        private ClusterManagerServer manager(int id, KeyValueStore path) {
            ManagerSeat seat = new ManagerSeat(id, List.of("tcp://m" + id + ":1"), false);
            return new ClusterManagerServer(seat, CONFIG, simulation.environment(), path);
        }

        void pass(Duration time) throws InterruptedException {
            simulation.environment().clock().sleep(time);
        }

        void awaitSecond() throws InterruptedException {
            while (!second.isPrimary()) {
                assertFalse(first.isPrimary() && second.isPrimary(), "two at a time");
                pass(Duration.ofMillis(20));
            }
        }

        void close() {
            first.close();
            second.close();
            store.close();
        }
    }

    @Test
    void theOtherSaysWhoIsThePrimary() {
        inEachWorld(world -> {
            NotPrimaryException refused = assertThrows(NotPrimaryException.class, world.second::status);
            assertEquals(1, refused.detail().managerId());
            assertEquals(List.of("tcp://m1:1"), refused.detail().addresses());
            world.pass(Duration.ofMinutes(1));
            assertTrue(world.first.isPrimary(), "it renews its lease");
        });
    }

    @Test
    void aPrimaryThatStopsIsFollowedAtOnceAndEverythingStoredIsThere() {
        inEachWorld(world -> {
            StatusReply before = world.first.status();
            UUID client = new UUID(1, 2);
            world.first.session(new SessionRequest(client, "test", false));
            world.first.setConfig(new ConfigChange(NodeRole.STORAGE, Map.of("a", "1"), List.of()));
            world.first.close();
            world.pass(SECOND);
            StatusReply after = world.second.status();
            assertEquals(before.routing().chains(), after.routing().chains());
            assertEquals(before.clusterId(), after.clusterId());
            assertEquals(before.term() + 1, after.term());
            assertEquals(client, world.second.sessions().sessions().getFirst().clientId());
            assertEquals(
                    Map.of("a", "1"),
                    world.second.config(new ConfigRequest(NodeRole.STORAGE)).options());
        });
    }

    @Test
    void oneThatLosesTheStoreStopsBeforeTheOtherBeginsAndNeverWritesAgain() {
        inEachWorld(world -> {
            world.pass(SECOND);
            world.firstPath.cut = true;
            while (world.first.isPrimary()) {
                world.pass(Duration.ofMillis(20));
            }
            assertFalse(world.second.isPrimary(), "two at a time");
            world.pass(Duration.ofMillis(100));
            assertFalse(world.second.isPrimary(), "there is a time without any");
            assertThrows(
                    NotPrimaryException.class, () -> world.first.heartbeat(world.one.heartbeat(LocalState.ONLINE, 1)));
            world.awaitSecond();
            world.firstPath.cut = false;
            world.pass(CONFIG.managerLease());
            assertFalse(world.first.isPrimary());
            assertTrue(world.second.isPrimary());
        });
    }

    @Test
    void aNewPrimaryTakesNobodyForDeadBeforeAFullFailureTimeOfItsOwn() {
        inEachWorld(world -> {
            world.firstPath.cut = true;
            world.awaitSecond();
            world.pass(CONFIG.failureTime().minus(SECOND));
            world.second.heartbeat(world.one.heartbeat(LocalState.ONLINE, 1));
            StatusReply early = world.second.status();
            assertTrue(early.routing().nodes().stream().allMatch(NodeInfo::alive), early::toString);
            world.pass(SECOND.multipliedBy(2));
            assertEquals(
                    List.of(true, false, false),
                    world.second.status().routing().nodes().stream()
                            .map(NodeInfo::alive)
                            .toList());
        });
    }

    @Test
    void aPrimaryThatWasFrozenForLongTakesNobodyForDead() {
        inEachWorld(world -> {
            // Its renewals fail for longer than the failure time, and nobody takes over.
            world.second.close();
            world.firstPath.cut = true;
            world.pass(CONFIG.failureTime().multipliedBy(2));
            world.firstPath.cut = false;
            while (!world.first.isPrimary()) {
                world.pass(Duration.ofMillis(20));
            }
            world.pass(SECOND);
            StatusReply status = world.first.status();
            assertTrue(status.routing().nodes().stream().allMatch(NodeInfo::alive), status::toString);
            assertEquals(1, status.term(), "nobody had taken the lease");
            // And whoever is dead is still found.
            world.pass(CONFIG.failureTime());
            assertTrue(world.first.status().routing().nodes().stream().noneMatch(NodeInfo::alive));
        });
    }

    @Test
    void aPrimaryThatDoesNotKnowWhetherItHasStoredSomethingLooks() {
        inEachWorld(world -> {
            ClusterChange.DrainNode drain = new ClusterChange.DrainNode(1, false);
            world.firstPath.cutAfterNext = true;
            assertThrows(RpcException.class, () -> world.first.change(drain));
            assertFalse(world.first.isPrimary(), "what it knows may be old");
            world.pass(SECOND);
            assertTrue(world.first.isPrimary());
            assertEquals(2, world.first.status().term(), "what is still on its way to the store comes too late");
            assertEquals(1, world.first.operations().drains().size());
        });
    }

    @Test
    void nodesAreAnsweredAgainBeforeTheirLeasesEnd() {
        inEachWorld(world -> {
            Duration interval = Duration.ofMillis(500);
            long sent = 0;
            for (int i = 0; i < 5; i++) {
                sent = world.simulation.environment().clock().nanoTime();
                world.first.heartbeat(world.one.heartbeat(LocalState.ONLINE, 1));
                world.pass(interval);
            }
            // The worst moment: just before the next heartbeat.
            world.firstPath.cut = true;
            world.awaitSecond();
            world.second.heartbeat(world.one.heartbeat(LocalState.ONLINE, 1));
            long passed = world.simulation.environment().clock().nanoTime() - sent;
            assertTrue(
                    passed < CONFIG.lease().toNanos(),
                    () -> Duration.ofNanos(passed).toString());
        });
    }

    @Test
    void sessionsLastTheirWholeTimeWithTheNewPrimaryAndNotLonger() {
        inEachWorld(world -> {
            world.first.session(new SessionRequest(new UUID(1, 1), "silent", false));
            world.first.session(new SessionRequest(new UUID(2, 2), "alive", false));
            world.pass(CONFIG.sessionTime().minus(SECOND));
            world.firstPath.cut = true;
            world.awaitSecond();
            world.pass(CONFIG.sessionTime().minus(SECOND));
            assertEquals(2, world.second.sessions().sessions().size());
            world.second.session(new SessionRequest(new UUID(2, 2), "alive", false));
            world.pass(SECOND.multipliedBy(2));
            assertEquals(
                    List.of("alive"),
                    world.second.sessions().sessions().stream()
                            .map(session -> session.description())
                            .toList());
            world.second.session(new SessionRequest(new UUID(2, 2), "alive", true));
            assertEquals(List.of(), world.second.sessions().sessions());
        });
    }

    @Test
    void aDrainGoesOnAfterAFailover() {
        inEachWorld(world -> {
            world.first.heartbeat(new StorageNode(4, 1).heartbeat(LocalState.ONLINE, 0));
            world.first.change(new ClusterChange.DrainNode(1, false));
            var moves = world.first.operations().moves();
            assertEquals(1, moves.size());
            world.first.close();
            world.awaitSecond();
            assertEquals(moves, world.second.operations().moves());
            assertEquals(1, world.second.operations().drains().getFirst().nodeId());
        });
    }

    @Test
    void whoWaitsForRoutingAtAPrimaryThatIsReplacedIsSentAway() {
        inEachWorld(world -> {
            long version = world.first.status().routing().version();
            RuntimeException[] outcome = new RuntimeException[1];
            Thread waiter = world.simulation.environment().threads().newThread(() -> {
                try {
                    world.first.routing(new RoutingRequest(version, CONFIG.patienceMax()));
                } catch (NotPrimaryException e) {
                    outcome[0] = e;
                }
            });
            waiter.start();
            world.pass(SECOND);
            world.firstPath.cut = true;
            waiter.join();
            assertTrue(outcome[0] instanceof NotPrimaryException, () -> String.valueOf(outcome[0]));
        });
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        Simulation.Body body = simulation -> {
            World world = new World(simulation);
            world.pass(Duration.ofSeconds(3));
            world.firstPath.cut = true;
            world.awaitSecond();
            world.close();
        };
        assertEquals(Simulation.run(5, body), Simulation.run(5, body));
    }
}
