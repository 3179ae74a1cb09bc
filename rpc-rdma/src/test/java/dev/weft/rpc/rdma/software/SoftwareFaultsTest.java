package dev.weft.rpc.rdma.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.PostFailedException;
import dev.weft.rpc.rdma.verbs.VerbsEnd;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import dev.weft.rpc.testkit.Simulation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What can be made to go wrong, in virtual time. */
final class SoftwareFaultsTest {
    private static final int RETRY_EXCEEDED = 12;
    private static final int FLUSHED = 5;

    /** Two hosts with a device each. */
    static final class World {
        final Simulation simulation;
        final SoftwareFabric fabric;
        final SoftwareDevice serverDevice;
        final SoftwareDevice clientDevice;
        final VerbsFixture fixture;

        World(Simulation simulation) {
            this.simulation = simulation;
            fabric = SoftwareFabric.simulated(simulation.environment());
            serverDevice = fabric.device("s0", "10.0.0.1");
            clientDevice = fabric.device("c0", "10.0.0.2");
            fixture = new VerbsFixture(
                    fabric.host(serverDevice),
                    fabric.host(clientDevice),
                    InetAddress.ofLiteral("10.0.0.1"),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of());
        }

        VerbsPair pair() throws IOException {
            return new VerbsPair(fixture).sleeping();
        }

        Faults faults() {
            return fabric.faults();
        }

        Duration now() {
            return Duration.ofNanos(simulation.environment().clock().nanoTime());
        }

        void sleep(Duration time) throws InterruptedException {
            simulation.environment().clock().sleep(time);
        }
    }

    private interface Body {
        void run(World world) throws Exception;
    }

    private static void simulate(Body body) {
        Simulation.run(1, simulation -> {
            World world = new World(simulation);
            body.run(world);
            world.faults().calm();
            assertEquals(OpenObjects.NONE, world.fabric.open());
        });
    }

    private static void write(VerbsPair pair, long wrId) throws IOException {
        pair.client.oneSided(wrId, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 10, pair.server);
    }

    @Test
    void delaysRequestsAndKeepsTheirOrder() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                Duration begun = world.now();
                world.faults().delay(Duration.ofMillis(1), Duration.ofMillis(5));
                for (int i = 0; i < 10; i++) {
                    write(pair, i);
                }
                assertTrue(pair.client.isIdle());
                for (int i = 0; i < 10; i++) {
                    pair.client.success(i);
                }
                Duration took = world.now().minus(begun);
                assertTrue(took.compareTo(Duration.ofMillis(1)) >= 0 && took.toMillis() <= 5, took.toString());
            }
        });
    }

    @Test
    void delaysTheConnectionManagerToo() {
        simulate(world -> {
            world.faults().delay(Duration.ofMillis(10), Duration.ofMillis(20));
            try (VerbsPair pair = world.pair()) {
                assertTrue(world.now().toMillis() >= 20, "a request and a reply");
                pair.server.receive(1, 0, 10);
                pair.client.send(2, 0, 10);
                pair.server.success(1);
                pair.client.id.disconnect();
                pair.server.expectEvent(EventType.RDMA_CM_EVENT_DISCONNECTED);
            }
        });
    }

    @Test
    void losesCompletionsOfRequestsThatWereExecuted() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                world.faults().loseCompletions(world.clientDevice, 2);
                pair.client.fill(0, "written");
                write(pair, 1);
                write(pair, 2);
                write(pair, 3);
                pair.client.success(3);
                assertTrue(pair.client.isIdle());
                assertEquals("written", pair.server.text(0));
                assertEquals(2, world.faults().completionsLost());
            }
        });
    }

    @Test
    void failsAQueuePairThatHasRequestsUnderWay() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                world.faults().delay(Duration.ofSeconds(1), Duration.ofSeconds(1));
                write(pair, 1);
                write(pair, 2);
                world.faults().fail(pair.client.qp, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
                assertEquals(RETRY_EXCEEDED, pair.client.completion().getStatus());
                assertEquals(FLUSHED, pair.client.completion().getStatus());
                assertEquals(IbvQP.IBV_QPS_ERR, pair.client.qp.getState());
            }
        });
    }

    @Test
    void reportsAnIdleQueuePairThatFails() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                List<DeviceEvent> seen = new ArrayList<>();
                try (var _ = pair.client.provider.onEvent(pair.client.qp.getContext(), seen::add)) {
                    world.faults().fail(pair.client.qp, IbvWcStatus.IBV_WC_FATAL_ERR);
                    world.sleep(Duration.ofMillis(1));
                    assertEquals(
                            List.of(new DeviceEvent(DeviceEvent.Kind.QUEUE_PAIR_FATAL, pair.client.qp.getQp_num())),
                            seen);
                }
            }
        });
    }

    @Test
    void failsRequestsByChanceWhetherExecutedOrNot() {
        Set<String> outcomes = new java.util.TreeSet<>();
        for (long seed = 1; seed <= 20; seed++) {
            Simulation.run(seed, simulation -> {
                World world = new World(simulation);
                try (VerbsPair pair = world.pair()) {
                    world.faults().failRequests(1_000_000, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
                    pair.client.fill(0, "x");
                    write(pair, 1);
                    assertEquals(RETRY_EXCEEDED, pair.client.completion().getStatus());
                    assertEquals(1, world.faults().failuresInjected());
                    outcomes.add(pair.server.text(0));
                }
            });
        }
        assertEquals(Set.of("", "x"), outcomes);
    }

    @Test
    void givesUpAfterTheTimeOfTheConnectionWhenALinkIsCut() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                world.faults().cut(world.clientDevice, world.serverDevice);
                Duration begun = world.now();
                write(pair, 1);
                pair.client.receive(2, 0, 10);
                assertEquals(RETRY_EXCEEDED, pair.client.completion().getStatus());
                assertEquals(FLUSHED, pair.client.completion().getStatus());
                // 4.096 us times 2^14, eight times.
                assertEquals(536, world.now().minus(begun).toMillis());
            }
        });
    }

    @Test
    void getsThroughWhenALinkIsMendedInTime() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                world.faults().retryTime(Duration.ofSeconds(3));
                world.faults().cut(world.clientDevice, world.serverDevice);
                Duration begun = world.now();
                write(pair, 1);
                world.sleep(Duration.ofSeconds(2));
                world.faults().mend(world.clientDevice, world.serverDevice);
                pair.client.success(1);
                assertEquals(2, world.now().minus(begun).toSeconds());
            }
        });
    }

    @Test
    void cannotConnectOverACutLink() {
        simulate(world -> {
            RdmaEventChannel listening = world.fixture.server().cm().createEventChannel();
            RdmaEventChannel connecting = world.fixture.client().cm().createEventChannel();
            RdmaCmId listener = VerbsPair.listen(listening, world.fixture.address());
            RdmaCmId id = VerbsPair.resolve(connecting, Optional.empty(), listener.getSource());
            world.faults().cut(world.clientDevice, world.serverDevice);
            world.faults().connectTime(Duration.ofSeconds(5));
            try (VerbsEnd client = new VerbsEnd(world.fixture.client(), connecting, true, id)) {
                client.id.connect(VerbsEnd.param(MemorySegment.NULL));
                client.expectEvent(EventType.RDMA_CM_EVENT_UNREACHABLE);
                assertEquals(5, world.now().toSeconds());
            }
            listener.destroyId();
            listening.destroyEventChannel();
        });
    }

    @Test
    void failsEverythingOnALostDevice() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                List<DeviceEvent> seen = new ArrayList<>();
                var listening = pair.server.provider.onEvent(pair.server.qp.getContext(), seen::add);
                world.faults().lose(world.serverDevice);
                write(pair, 1);
                assertEquals(RETRY_EXCEEDED, pair.client.completion().getStatus());
                assertEquals(List.of(new DeviceEvent(DeviceEvent.Kind.DEVICE_FATAL, 0)), seen);
                pair.server.expectEvent(EventType.RDMA_CM_EVENT_DEVICE_REMOVAL);
                assertThrows(PostFailedException.class, () -> pair.server.receive(1, 0, 10));
                assertThrows(IOException.class, pair.server::isIdle);
                assertThrows(IOException.class, () -> pair.server.wakeups.getCqEvent(pair.server.cq, -1));
                assertThrows(IOException.class, pair.server.id.getVerbs()::allocPd);
                assertEquals(List.of(), pair.server.provider.devices());
                listening.close();
            }
        });
    }

    @Test
    void wakesWhoeverWaitsOnADeviceThatIsLost() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                List<String> outcome = new ArrayList<>();
                Thread waiter = pair.server.provider.thread("waiter", () -> {
                    try {
                        pair.server.wakeups.getCqEvent(pair.server.cq, -1);
                    } catch (IOException e) {
                        outcome.add(e.getMessage());
                    }
                });
                waiter.start();
                world.sleep(Duration.ofMillis(1));
                world.faults().lose(world.serverDevice);
                waiter.join();
                assertEquals(List.of("EIO (5): device s0 is lost"), outcome);
            }
        });
    }

    @Test
    void opensADeviceAnewThatHasComeBack() {
        simulate(world -> {
            try (VerbsPair before = world.pair()) {
                world.faults().lose(world.serverDevice);
                world.faults().restore(world.serverDevice);
                assertThrows(IOException.class, before.server.id.getVerbs()::allocPd);
                try (VerbsPair after = world.pair()) {
                    write(after, 1);
                    after.client.success(1);
                }
                write(before, 2);
                assertEquals(RETRY_EXCEEDED, before.client.completion().getStatus());
            }
        });
    }

    @Test
    void reportsAPortThatGoesDownAndUp() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                List<DeviceEvent> seen = new ArrayList<>();
                try (var _ = pair.server.provider.onEvent(pair.server.qp.getContext(), seen::add)) {
                    world.faults().portDown(world.serverDevice);
                    Device device = pair.server.provider.device(pair.server.qp.getContext());
                    assertEquals(
                            Device.PortState.DOWN, device.ports().getFirst().state());
                    write(pair, 1);
                    world.sleep(Duration.ofMillis(100));
                    assertTrue(pair.client.isIdle());
                    world.faults().portUp(world.serverDevice);
                    pair.client.success(1);
                    world.sleep(Duration.ofMillis(1));
                    assertEquals(
                            List.of(
                                    new DeviceEvent(DeviceEvent.Kind.PORT_DOWN, 1),
                                    new DeviceEvent(DeviceEvent.Kind.PORT_ACTIVE, 1)),
                            seen);
                }
            }
        });
    }

    @Test
    void landsAWriteAfterItsSenderHasFailed() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                world.faults().delay(Duration.ofSeconds(1), Duration.ofSeconds(1));
                pair.client.fill(0, "late");
                write(pair, 1);
                world.faults().fail(pair.client.qp, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
                pair.client.completion();
                pair.client.fill(0, "other");
                assertEquals("", pair.server.text(0));
                world.sleep(Duration.ofSeconds(2));
                assertEquals("late", pair.server.text(0));
            }
        });
    }

    @Test
    void landsNothingAfterARequestThatWasLost() {
        int reached = 0;
        for (long seed = 1; seed <= 50; seed++) {
            reached += messagesThatReach(seed);
        }
        assertTrue(reached > 50 && reached < 450, reached + " messages of 500 reached the peer");
    }

    /** Of ten messages, one of which fails; they have to be the first ones. */
    private static int messagesThatReach(long seed) {
        int[] reached = new int[1];
        Simulation.run(seed, simulation -> {
            World world = new World(simulation);
            world.faults().delay(Duration.ofMillis(1), Duration.ofMillis(5));
            try (VerbsPair pair = world.pair()) {
                for (int i = 0; i < 10; i++) {
                    pair.server.receive(i, 100L * i, 10);
                    pair.client.fill(100L * i, "no " + i);
                }
                world.faults().failRequests(200_000, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
                for (int i = 0; i < 10; i++) {
                    pair.client.send(i, 100L * i, 10);
                }
                world.sleep(Duration.ofSeconds(1));
                while (reached[0] < 10 && pair.server.text(100L * reached[0]).equals("no " + reached[0])) {
                    reached[0]++;
                }
                for (int i = reached[0]; i < 10; i++) {
                    assertEquals("", pair.server.text(100L * i), "message " + i);
                }
            }
        });
        return reached[0];
    }

    @Test
    void landsNothingInMemoryThatIsNoLongerRegistered() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                world.faults().delay(Duration.ofSeconds(1), Duration.ofSeconds(1));
                pair.client.fill(0, "late");
                write(pair, 1);
                world.faults().fail(pair.client.qp, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
                pair.server.region.deregMr().execute().free();
                world.sleep(Duration.ofSeconds(2));
                assertEquals("", pair.server.text(0));
                assertEquals(IbvQP.IBV_QPS_ERR, pair.server.qp.getState());
            }
        });
    }

    @Test
    void landsNothingThroughAQueuePairThatIsDestroyed() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                world.faults().delay(Duration.ofSeconds(1), Duration.ofSeconds(1));
                pair.client.fill(0, "late");
                write(pair, 1);
                pair.server.id.destroyQP();
                world.sleep(Duration.ofSeconds(2));
                assertEquals("", pair.server.text(0));
                assertEquals(RETRY_EXCEEDED, pair.client.completion().getStatus());
            }
        });
    }

    @Test
    void readsNothingIntoMemoryThatIsNoLongerRegistered() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                world.faults().delay(Duration.ofSeconds(1), Duration.ofSeconds(1));
                pair.server.fill(0, "late");
                pair.client.oneSided(1, IbvSendWR.IBV_WR_RDMA_READ, 0, 10, pair.server);
                pair.client.region.deregMr().execute().free();
                assertEquals(4, pair.client.completion().getStatus());
                assertEquals("", pair.client.text(0));
            }
        });
    }

    @Test
    void waitsForAReceiveRequestAsOftenAsItMay() {
        simulate(world -> {
            try (VerbsPair pair = new VerbsPair(world.fixture, 3).sleeping()) {
                pair.client.send(1, 0, 10);
                world.sleep(Duration.ofMillis(1));
                pair.server.receive(2, 0, 10);
                pair.client.success(1);
                pair.server.success(2);
                Duration begun = world.now();
                pair.client.send(3, 0, 10);
                assertEquals(13, pair.client.completion().getStatus());
                assertEquals(3 * 640, world.now().minus(begun).toNanos() / 1000);
            }
        });
    }

    @Test
    void waitsForAReceiveRequestAsLongAsItTakes() {
        simulate(world -> {
            try (VerbsPair pair = new VerbsPair(world.fixture, 7).sleeping()) {
                pair.client.send(1, 0, 10);
                world.sleep(Duration.ofMinutes(1));
                pair.server.receive(2, 0, 10);
                pair.client.success(1);
            }
        });
    }

    @Test
    void failsAllThatCompletesIntoAQueueThatOverran() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                List<DeviceEvent> seen = new ArrayList<>();
                try (var _ = pair.server.provider.onEvent(pair.server.qp.getContext(), seen::add)) {
                    // 64 fit: the server polls none of them while 80 come, in rounds of what can be posted.
                    SoftwareCq queue = (SoftwareCq) pair.server.cq;
                    Completion completion = new Completion();
                    completion.queuePair = ((SoftwareQp) pair.server.qp).core();
                    for (int i = 0; i < 65; i++) {
                        queue.add(completion, false);
                    }
                    world.sleep(Duration.ofMillis(1));
                    assertEquals(
                            List.of(DeviceEvent.Kind.COMPLETION_QUEUE_ERROR, DeviceEvent.Kind.QUEUE_PAIR_FATAL),
                            seen.stream().map(DeviceEvent::kind).toList());
                    assertEquals(IbvQP.IBV_QPS_ERR, pair.server.qp.getState());
                }
            }
        });
    }

    @Test
    void refusesToFreeWhatIsInUse() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                assertThrows(IOException.class, pair.client.pd::deallocPd);
                assertThrows(IOException.class, pair.client.cq::destroyCQ);
                assertThrows(IOException.class, pair.client.id::destroyId);
                assertTrue(pair.client.pd.isOpen());
            }
        });
    }

    @Test
    void keepsTheSlotsOfUnsignalledRequestsUntilASignalledOneIsPolled() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                for (int i = 0; i < VerbsEnd.SENDS - 1; i++) {
                    pair.client.post(
                            i,
                            IbvSendWR.IBV_WR_RDMA_WRITE,
                            0,
                            0,
                            0,
                            1,
                            pair.server.address(0),
                            pair.server.region.getRkey());
                }
                write(pair, 99);
                PostFailedException full = assertThrows(PostFailedException.class, () -> write(pair, 100));
                assertEquals(0, full.posted());
                pair.client.success(99);
                write(pair, 100);
                pair.client.success(100);
            }
        });
    }

    @Test
    void shufflesCompletionsOfDifferentQueuePairsOnly() {
        simulate(world -> {
            try (VerbsPair one = world.pair();
                    VerbsPair other = world.pair()) {
                world.faults().disorder(500_000);
                IbvCQ queue = one.client.cq;
                Completion completion = new Completion();
                long[] next = new long[2];
                for (int i = 0; i < 60; i++) {
                    int which = i % 2;
                    completion.queuePair = ((SoftwareQp) (which == 0 ? one : other).client.qp).core();
                    completion.wrId = next[which]++ * 2 + which;
                    ((SoftwareCq) queue).add(completion, false);
                }
                long[] expected = new long[2];
                boolean alternate = true;
                for (int i = 0; i < 60; i++) {
                    long wrId = one.client.completion().getWr_id();
                    alternate &= wrId % 2 == i % 2;
                    assertEquals(expected[(int) (wrId % 2)]++, wrId / 2);
                }
                assertFalse(alternate, "nothing was shuffled");
            }
        });
    }

    @Test
    void givesAnEventChannelsWaiterUpWhenItIsDestroyed() {
        simulate(world -> {
            RdmaEventChannel channel = world.fixture.client().cm().createEventChannel();
            Thread destroyer = world.fixture.client().thread("destroyer", () -> {
                try {
                    channel.destroyEventChannel();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertNull(channel.getCmEvent(10));
            destroyer.start();
            assertThrows(IOException.class, () -> channel.getCmEvent(-1));
        });
    }

    @Test
    void doesNotFindCompletionsOfADestroyedQueuePair() {
        simulate(world -> {
            try (VerbsPair pair = world.pair()) {
                write(pair, 1);
                pair.client.id.destroyQP();
                IbvWC[] none = {new IbvWC()};
                assertEquals(0, pair.client.cq.poll(none, 1).execute().getPolls());
            }
        });
    }
}
