package dev.weft.rpc.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.rdma.verbs.VerbsFixture.Feature;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every provider of verbs does, on every device. */
@Timeout(60)
@SuppressWarnings("exports") // of JUnit: nobody requires a module of tests
public abstract class VerbsContract {
    private static final int SIGNALED = IbvSendWR.IBV_SEND_SIGNALED;
    private static final int FLUSHED = 5;
    private static final int RECV = IbvWC.IbvWcOpcode.IBV_WC_RECV.getOpcode();
    private static final int WITH_IMMEDIATE = 1 << 1;

    private VerbsFixture fixture;

    /** For the tests of each provider. */
    protected VerbsContract() {}

    /** What it runs on; made before each test. */
    protected abstract VerbsFixture open() throws Exception;

    /** Called after each test: closes the providers, and fails if the test has left something open on them. */
    protected abstract void close(VerbsFixture fixture) throws Exception;

    @BeforeEach
    void openFixture() throws Exception {
        fixture = open();
    }

    @AfterEach
    void closeFixture() throws Exception {
        close(fixture);
    }

    private VerbsPair pair() throws IOException {
        return new VerbsPair(fixture);
    }

    private Optional<InetAddress> source() {
        return fixture.source();
    }

    // ---- Devices

    @Test
    void listsTheDeviceThatHasTheAddress() throws Exception {
        List<Device> devices = fixture.server().devices();
        Device device = devices.stream()
                .filter(each -> each.addresses().contains(fixture.address()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(devices.toString()));
        assertTrue(device.guid().matches("[0-9a-f]{4}(:[0-9a-f]{4}){3}"), device.guid());
        assertTrue(
                device.maxQueuePairs() > 0 && device.maxSge() > 0 && device.maxWorkRequests() > 0, device.toString());
        assertEquals(1, device.ports().getFirst().number());
        assertEquals(Device.PortState.ACTIVE, device.ports().getFirst().state());
    }

    @Test
    void opensADeviceOnceForAll() throws Exception {
        String name = fixture.server().devices().getFirst().name();
        IbvContext context = fixture.server().open(name);
        assertEquals(context, fixture.server().open(name));
        assertEquals(name, fixture.server().device(context).name());
    }

    @Test
    void refusesADeviceThatIsNotThere() {
        assertThrows(IOException.class, () -> fixture.server().open("no-such-device"));
    }

    @Test
    void makesAndFreesWhatNeedsNoConnection() throws Exception {
        VerbsProvider provider = fixture.server();
        IbvContext context = provider.open(provider.devices().getFirst().name());
        IbvPd pd = context.allocPd();
        IbvCompChannel channel = context.createCompChannel();
        IbvCQ cq = context.createCQ(channel, 16, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4096, 4096);
            IbvMr one = provider.register(pd, memory, VerbsEnd.ACCESS_ALL);
            IbvMr other = pd.regMr(memory.asByteBuffer(), IbvMr.IBV_ACCESS_LOCAL_WRITE)
                    .execute()
                    .free()
                    .getMr();
            assertEquals(memory.address(), one.getAddr());
            assertEquals(4096, other.getLength());
            assertNotEquals(one.getLkey(), other.getLkey());
            one.deregMr().execute().free();
            other.deregMr().execute().free();
        }
        assertEquals(0, cq.destroyCQ());
        assertEquals(0, channel.destroyCompChannel());
        assertEquals(0, pd.deallocPd());
        assertFalse(pd.isOpen());
    }

    // ---- Connections

    @Test
    void connectsWithPrivateDataBothWays() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocateFrom("x".repeat(55));
            MemorySegment reply = arena.allocateFrom("y".repeat(195));
            try (VerbsPair pair = new VerbsPair(fixture, fixture.address(), request, reply, 0)) {
                assertArrayEquals(request.toArray(ValueLayout.JAVA_BYTE), Arrays.copyOf(pair.requestData, 56));
                assertArrayEquals(reply.toArray(ValueLayout.JAVA_BYTE), Arrays.copyOf(pair.replyData, 196));
                assertEquals(IbvQP.IBV_QPT_RC, pair.client.qp.getQp_type());
                assertNotEquals(0, pair.client.qp.getQp_num());
            }
        }
    }

    @Test
    void knowsTheAddressesOfBothEnds() throws Exception {
        try (VerbsPair pair = pair()) {
            var listened = (InetSocketAddress) pair.listener.getSource();
            assertNotEquals(0, listened.getPort());
            assertEquals(listened, pair.client.id.getDestination());
            assertEquals(listened.getAddress(), ((InetSocketAddress) pair.server.id.getSource()).getAddress());
            var client = (InetSocketAddress) pair.client.id.getSource();
            assertEquals(client.getAddress(), ((InetSocketAddress) pair.server.id.getDestination()).getAddress());
        }
    }

    @Test
    void refusesTooMuchPrivateData() throws Exception {
        assumeTrue(fixture.can(Feature.PRIVATE_DATA_LIMIT));
        RdmaEventChannel listening = fixture.server().cm().createEventChannel();
        RdmaEventChannel connecting = fixture.client().cm().createEventChannel();
        RdmaCmId listener = VerbsPair.listen(listening, fixture.address());
        RdmaCmId id = VerbsPair.resolve(connecting, source(), listener.getSource());
        try (VerbsEnd client = new VerbsEnd(fixture.client(), connecting, true, id);
                Arena arena = Arena.ofConfined()) {
            var param = VerbsEnd.param(arena.allocate(255));
            assertThrows(IOException.class, () -> client.id.connect(param));
        }
        listener.destroyId();
        listening.destroyEventChannel();
    }

    @Test
    void tellsTheClientThatItIsRejected() throws Exception {
        RdmaEventChannel listening = fixture.server().cm().createEventChannel();
        RdmaEventChannel connecting = fixture.client().cm().createEventChannel();
        RdmaCmId listener = VerbsPair.listen(listening, fixture.address());
        RdmaCmId id = VerbsPair.resolve(connecting, source(), listener.getSource());
        try (VerbsEnd client = new VerbsEnd(fixture.client(), connecting, true, id)) {
            client.id.connect(VerbsEnd.param(MemorySegment.NULL));
            RdmaCmEvent asked = VerbsEnd.expect(listening, EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
            RdmaCmId refused = asked.getConnIdPriv();
            asked.ackEvent();
            refused.destroyId();
            RdmaCmEvent event = VerbsEnd.expect(connecting, EventType.RDMA_CM_EVENT_REJECTED);
            assertNotEquals(0, event.getStatus());
            event.ackEvent();
        }
        listener.destroyId();
        listening.destroyEventChannel();
    }

    @Test
    void tellsTheClientThatNobodyListens() throws Exception {
        RdmaEventChannel listening = fixture.server().cm().createEventChannel();
        RdmaEventChannel connecting = fixture.client().cm().createEventChannel();
        RdmaCmId listener = VerbsPair.listen(listening, fixture.address());
        var address = listener.getSource();
        listener.destroyId();
        listening.destroyEventChannel();
        RdmaCmId id = VerbsPair.resolve(connecting, source(), address);
        try (VerbsEnd client = new VerbsEnd(fixture.client(), connecting, true, id)) {
            try {
                client.id.connect(VerbsEnd.param(MemorySegment.NULL));
            } catch (IOException e) {
                return; // what TCP knows at once
            }
            client.expectEvent(EventType.RDMA_CM_EVENT_REJECTED);
        }
    }

    @Test
    void saysThatNobodyHasAnAddress() throws Exception {
        assumeTrue(fixture.can(Feature.ADDRESS_ERRORS));
        RdmaEventChannel channel = fixture.client().cm().createEventChannel();
        RdmaCmId id = channel.createId(RdmaCm.RDMA_PS_TCP);
        var nowhere = new InetSocketAddress(InetAddress.ofLiteral("10.255.255.254"), 1);
        id.resolveAddr(null, nowhere, 100);
        VerbsEnd.expect(channel, EventType.RDMA_CM_EVENT_ADDR_ERROR).ackEvent();
        id.destroyId();
        channel.destroyEventChannel();
    }

    @Test
    void waitsForAnEventNoLongerThanItIsTold() throws Exception {
        RdmaEventChannel channel = fixture.client().cm().createEventChannel();
        assertNull(channel.getCmEvent(1));
        channel.destroyEventChannel();
    }

    @Test
    void tellsThePeerOfADisconnect() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.client.id.disconnect();
            pair.server.expectEvent(EventType.RDMA_CM_EVENT_DISCONNECTED);
            // The one who began hears of it when the other one has answered.
            pair.server.id.disconnect();
            pair.client.expectEvent(EventType.RDMA_CM_EVENT_DISCONNECTED);
        }
    }

    @Test
    void tellsThePeerOfTheEndOfAnId() throws Exception {
        RdmaEventChannel listening;
        RdmaCmId listener;
        VerbsPair pair = pair();
        listening = pair.listening;
        listener = pair.listener;
        pair.client.close();
        pair.server.expectEvent(EventType.RDMA_CM_EVENT_DISCONNECTED);
        pair.server.close();
        listener.destroyId();
        listening.destroyEventChannel();
    }

    @Test
    void connectsByIpv6() throws Exception {
        assumeTrue(fixture.ipv6().isPresent());
        try (VerbsPair pair =
                new VerbsPair(fixture, fixture.ipv6().orElseThrow(), MemorySegment.NULL, MemorySegment.NULL, 0)) {
            pair.server.receive(1, 0, 100);
            pair.client.fill(0, "six");
            pair.client.send(2, 0, 10);
            pair.client.success(2);
            pair.server.success(1);
            assertEquals("six", pair.server.text(0));
        }
    }

    // ---- Messages

    @Test
    void sendsAndReceives() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.server.receive(1, 0, 1000);
            pair.client.fill(0, "hello");
            pair.client.send(2, 0, 6);
            IbvWC received = pair.server.success(1);
            assertEquals(RECV, received.getOpcode());
            assertEquals(6, received.getByte_len());
            assertEquals(pair.server.qp.getQp_num(), received.getQp_num());
            assertEquals(0, received.getWc_flags() & WITH_IMMEDIATE);
            assertEquals("hello", pair.server.text(0));
            IbvWC sent = pair.client.success(2);
            assertEquals(IbvWC.IbvWcOpcode.IBV_WC_SEND.getOpcode(), sent.getOpcode());
        }
    }

    @Test
    void keepsTheOrderOfMessagesInBothDirections() throws Exception {
        try (VerbsPair pair = pair()) {
            for (int i = 0; i < 10; i++) {
                pair.server.receive(i, 100L * i, 100);
                pair.client.receive(i, 100L * i, 100);
            }
            for (int i = 0; i < 10; i++) {
                pair.client.fill(2000 + 100L * i, "to server " + i);
                pair.server.fill(2000 + 100L * i, "to client " + i);
                pair.client.post(i, IbvSendWR.IBV_WR_SEND, 0, 0, 2000 + 100L * i, 20, 0, 0);
                pair.server.post(i, IbvSendWR.IBV_WR_SEND, 0, 0, 2000 + 100L * i, 20, 0, 0);
            }
            for (int i = 0; i < 10; i++) {
                pair.server.success(i);
                pair.client.success(i);
                assertEquals("to server " + i, pair.server.text(100L * i));
                assertEquals("to client " + i, pair.client.text(100L * i));
            }
        }
    }

    @Test
    void sendsImmediateData() throws Exception {
        assumeTrue(fixture.can(Feature.SEND_WITH_IMMEDIATE));
        try (VerbsPair pair = pair()) {
            pair.server.receive(1, 0, 100);
            pair.client.post(2, IbvSendWR.IBV_WR_SEND_WITH_IMM, SIGNALED, 0x81020304, 0, 10, 0, 0);
            IbvWC received = pair.server.success(1);
            assertEquals(0x81020304, received.getImm_data());
            assertEquals(WITH_IMMEDIATE, received.getWc_flags() & WITH_IMMEDIATE);
            pair.client.success(2);
        }
    }

    @Test
    void takesInlineDataWhenItIsPosted() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.server.receive(1, 0, 100);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment unregistered = arena.allocateFrom("inline");
                SendChain chain = pair.client.provider.sendChain(pair.client.qp, 1, 1);
                chain.add(2, IbvSendWR.IBV_WR_SEND, SIGNALED | IbvSendWR.IBV_SEND_INLINE, 0, 0, 0);
                chain.addSge(unregistered.address(), 7, 0);
                chain.execute();
                unregistered.fill((byte) 0);
                chain.free();
            }
            pair.server.success(1);
            assertEquals("inline", pair.server.text(0));
            pair.client.success(2);
        }
    }

    @Test
    void completesAMessageWithoutBytes() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.server.receive(1, 0, 100);
            SendChain chain = pair.client.provider.sendChain(pair.client.qp, 1, 1);
            chain.add(2, IbvSendWR.IBV_WR_SEND, SIGNALED, 0, 0, 0);
            chain.execute();
            chain.free();
            assertEquals(0, pair.server.success(1).getByte_len());
            pair.client.success(2);
        }
    }

    // ---- One-sided transfers

    @Test
    void readsAndWritesThePeersMemory() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.client.fill(0, "written");
            pair.client.oneSided(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 50_000, pair.server);
            assertEquals(
                    IbvWC.IbvWcOpcode.IBV_WC_RDMA_WRITE.getOpcode(),
                    pair.client.success(1).getOpcode());
            assertEquals("written", pair.server.text(0));
            pair.server.fill(100, "read");
            pair.client.oneSided(2, IbvSendWR.IBV_WR_RDMA_READ, 100, 50_000, pair.server);
            assertEquals(
                    IbvWC.IbvWcOpcode.IBV_WC_RDMA_READ.getOpcode(),
                    pair.client.success(2).getOpcode());
            assertEquals("read", pair.client.text(100));
            assertTrue(pair.server.isIdle(), "the peer has no part in it");
        }
    }

    @Test
    void gathersAndScattersInChains() throws Exception {
        try (VerbsPair pair = pair()) {
            VerbsEnd client = pair.client;
            SendChain chain = client.provider.sendChain(client.qp, 8, VerbsEnd.SGE);
            byte[] expected = new byte[8 * 400];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = (byte) (i * 7 + i / 256);
                client.memory.set(ValueLayout.JAVA_BYTE, i, expected[i]);
            }
            for (int i = 0; i < 8; i++) {
                chain.add(
                        i,
                        IbvSendWR.IBV_WR_RDMA_WRITE,
                        i == 7 ? SIGNALED : 0,
                        0,
                        pair.server.address(400L * i),
                        pair.server.region.getRkey());
                chain.addSge(client.address(400L * i), 100, client.region.getLkey());
                chain.addSge(client.address(400L * i + 100), 1, client.region.getLkey());
                chain.addSge(client.address(400L * i + 101), 299, client.region.getLkey());
            }
            chain.execute();
            client.success(7);
            chain.clear();
            boolean twoPieces = client.provider.device(client.id.getVerbs()).maxReadSge() > 1;
            for (int i = 0; i < 4; i++) {
                chain.add(
                        10 + i,
                        IbvSendWR.IBV_WR_RDMA_READ,
                        i == 3 ? SIGNALED : 0,
                        0,
                        pair.server.address(800L * i),
                        pair.server.region.getRkey());
                chain.addSge(client.address(10_000 + 800L * i), twoPieces ? 700 : 800, client.region.getLkey());
                if (twoPieces) {
                    chain.addSge(client.address(10_700 + 800L * i), 100, client.region.getLkey());
                }
            }
            chain.execute();
            client.success(13);
            chain.free();
            assertArrayEquals(expected, pair.server.bytes(0, expected.length));
            assertArrayEquals(expected, client.bytes(10_000, expected.length));
        }
    }

    @Test
    void writesWithImmediateData() throws Exception {
        assumeTrue(fixture.can(Feature.WRITE_WITH_IMMEDIATE));
        try (VerbsPair pair = pair()) {
            pair.server.receive(1, 0, 0);
            pair.client.fill(500, "data");
            pair.client.post(
                    2,
                    IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM,
                    SIGNALED,
                    -2,
                    500,
                    5,
                    pair.server.address(500),
                    pair.server.region.getRkey());
            IbvWC received = pair.server.success(1);
            assertEquals(IbvWC.IbvWcOpcode.IBV_WC_RECV_RDMA_WITH_IMM.getOpcode(), received.getOpcode());
            assertEquals(-2, received.getImm_data());
            assertEquals("data", pair.server.text(500));
            pair.client.success(2);
        }
    }

    @Test
    void reportsSignalledRequestsOnly() throws Exception {
        try (VerbsPair pair = pair()) {
            VerbsEnd client = pair.client;
            // More than the queue holds altogether: each signalled one frees those before it.
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 10; i++) {
                    client.post(
                            i,
                            IbvSendWR.IBV_WR_RDMA_WRITE,
                            i == 9 ? SIGNALED : 0,
                            0,
                            0,
                            10,
                            pair.server.address(0),
                            pair.server.region.getRkey());
                }
                client.success(9);
                assertTrue(client.isIdle());
            }
        }
    }

    // ---- Errors

    @Test
    void failsWithoutAReceiveRequestIfItMustNotRetry() throws Exception {
        assumeTrue(fixture.can(Feature.RECEIVER_NOT_READY));
        try (VerbsPair pair = pair()) {
            pair.client.send(1, 0, 10);
            pair.client.send(2, 0, 10);
            assertEquals(13, pair.client.completion().getStatus());
            assertEquals(FLUSHED, pair.client.completion().getStatus());
        }
    }

    @Test
    void failsBothEndsForAWrongKey() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.server.receive(5, 0, 10);
            pair.client.receive(6, 0, 10);
            pair.client.post(
                    1,
                    IbvSendWR.IBV_WR_RDMA_WRITE,
                    SIGNALED,
                    0,
                    0,
                    10,
                    pair.server.address(0),
                    pair.server.region.getRkey() + 0x10101);
            expectRemoteAccessError(pair);
        }
    }

    @Test
    void failsBothEndsForAccessOutOfBounds() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.server.receive(5, 0, 10);
            pair.client.receive(6, 0, 10);
            pair.client.post(
                    1,
                    IbvSendWR.IBV_WR_RDMA_WRITE,
                    SIGNALED,
                    0,
                    0,
                    10,
                    pair.server.address(VerbsEnd.MEMORY_BYTES - 9),
                    pair.server.region.getRkey());
            expectRemoteAccessError(pair);
        }
    }

    @Test
    void failsBothEndsForAnAccessThatWasNotGranted() throws Exception {
        try (VerbsPair pair = pair()) {
            IbvMr readOnly = pair.server.provider.register(
                    pair.server.pd, pair.server.memory, IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ);
            pair.client.post(
                    9, IbvSendWR.IBV_WR_RDMA_READ, SIGNALED, 0, 0, 10, pair.server.address(0), readOnly.getRkey());
            pair.client.success(9);
            pair.server.receive(5, 0, 10);
            pair.client.receive(6, 0, 10);
            pair.server.fill(0, "safe");
            pair.client.post(
                    1, IbvSendWR.IBV_WR_RDMA_WRITE, SIGNALED, 0, 0, 10, pair.server.address(0), readOnly.getRkey());
            expectRemoteAccessError(pair);
            assertEquals("safe", pair.server.text(0));
            readOnly.deregMr().execute().free();
        }
    }

    @Test
    void failsBothEndsForMemoryThatIsNoLongerRegistered() throws Exception {
        try (VerbsPair pair = pair()) {
            IbvMr gone = pair.server.provider.register(pair.server.pd, pair.server.memory, VerbsEnd.ACCESS_ALL);
            int key = gone.getRkey();
            gone.deregMr().execute().free();
            pair.server.receive(5, 0, 10);
            pair.client.receive(6, 0, 10);
            pair.client.post(1, IbvSendWR.IBV_WR_RDMA_READ, SIGNALED, 0, 0, 10, pair.server.address(0), key);
            expectRemoteAccessError(pair);
        }
    }

    /** Request 1 of the client fails, and all that waits is flushed: receive 6 of the client, 5 of the server. */
    private void expectRemoteAccessError(VerbsPair pair) throws Exception {
        List<IbvWC> failed = pair.client.completions(1);
        if (!fixture.can(Feature.REMOTE_ACCESS_STATUS)) {
            pair.client.id.disconnect();
            pair.server.id.disconnect();
        }
        failed.addAll(pair.client.completions(1));
        assertEquals(Set.of(1L, 6L), ids(failed));
        for (IbvWC completion : failed) {
            if (completion.getWr_id() == 6) {
                assertEquals(FLUSHED, completion.getStatus());
            } else if (fixture.can(Feature.REMOTE_ACCESS_STATUS)) {
                assertEquals(10, completion.getStatus());
            }
        }
        IbvWC atServer = pair.server.completion();
        assertEquals(5, atServer.getWr_id());
        assertEquals(FLUSHED, atServer.getStatus());
    }

    private static Set<Long> ids(List<IbvWC> completions) {
        var ids = new HashSet<Long>();
        completions.forEach(completion -> ids.add(completion.getWr_id()));
        return ids;
    }

    @Test
    void failsForLocalMemoryThatIsNotRegistered() throws Exception {
        try (VerbsPair pair = pair()) {
            SendChain chain = pair.client.provider.sendChain(pair.client.qp, 1, 1);
            chain.add(
                    1, IbvSendWR.IBV_WR_RDMA_WRITE, SIGNALED, 0, pair.server.address(0), pair.server.region.getRkey());
            chain.addSge(pair.client.address(VerbsEnd.MEMORY_BYTES - 9), 10, pair.client.region.getLkey());
            try {
                chain.execute();
                assertNotEquals(0, pair.client.completion().getStatus());
            } catch (PostFailedException e) {
                assertEquals(0, e.posted()); // some devices look at once
            }
            chain.free();
        }
    }

    @Test
    void flushesAllThatIsOutstandingOnDisconnect() throws Exception {
        try (VerbsPair pair = pair()) {
            for (int i = 0; i < 5; i++) {
                pair.client.receive(i, 0, 10);
            }
            pair.client.id.disconnect();
            List<IbvWC> flushed = pair.client.completions(5);
            assertEquals(Set.of(0L, 1L, 2L, 3L, 4L), ids(flushed));
            flushed.forEach(completion -> assertEquals(FLUSHED, completion.getStatus()));
            // Also what comes later, even without being signalled.
            try {
                pair.client.post(7, IbvSendWR.IBV_WR_SEND, 0, 0, 0, 10, 0, 0);
            } catch (PostFailedException e) {
                return; // as good, since the caller knows
            }
            IbvWC late = pair.client.completion();
            assertEquals(7, late.getWr_id());
            assertEquals(FLUSHED, late.getStatus());
        }
    }

    @Test
    void takesNoMoreThanTheQueueHolds() throws Exception {
        try (VerbsPair pair = pair()) {
            VerbsEnd client = pair.client;
            RecvChain chain = client.provider.recvChain(client.qp, 500);
            for (int i = 0; i < 500; i++) {
                chain.add(i, client.address(0), 10, client.region.getLkey());
            }
            PostFailedException refused = assertThrows(PostFailedException.class, chain::execute);
            int posted = refused.posted();
            assertTrue(posted >= VerbsEnd.RECEIVES && posted < 500, "posted " + posted);
            chain.free();
            client.id.disconnect();
            // The queue of completions holds 64; what real devices add to a queue of 16 is less than that.
            assertEquals(posted, ids(client.completions(posted)).size());
            assertTrue(client.isIdle());
        }
    }

    @Test
    void refusesAChainThatIsFull() throws Exception {
        try (VerbsPair pair = pair()) {
            SendChain chain = pair.client.provider.sendChain(pair.client.qp, 1, 1);
            chain.add(1, IbvSendWR.IBV_WR_SEND, 0, 0, 0, 0);
            chain.addSge(1, 1, 1);
            assertThrows(IllegalStateException.class, () -> chain.addSge(1, 1, 1));
            assertThrows(IllegalStateException.class, () -> chain.add(2, IbvSendWR.IBV_WR_SEND, 0, 0, 0, 0));
            assertEquals(1, chain.size());
            chain.clear();
            assertEquals(0, chain.size());
            chain.free();
        }
    }

    // ---- Completion queue and channel

    @Test
    void pollsNothingFromAnEmptyQueue() throws Exception {
        try (VerbsPair pair = pair()) {
            assertTrue(pair.client.isIdle());
            assertTrue(pair.server.isIdle());
        }
    }

    @Test
    void waitsForACompletionNoLongerThanItIsTold() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.client.cq.reqNotification(false).execute().free();
            assertFalse(pair.client.wakeups.getCqEvent(pair.client.cq, 1));
        }
    }

    @Test
    void wakesWhoeverWaitsOnAnArmedChannel() throws Exception {
        try (VerbsPair pair = pair()) {
            VerbsEnd server = pair.server;
            for (int round = 0; round < 3; round++) {
                server.receive(round, 0, 100);
                server.cq.reqNotification(false).execute().free();
                assertTrue(server.isIdle());
                var outcome = new AtomicReference<Object>();
                Thread waiter = server.provider.thread("waiter", () -> {
                    try {
                        outcome.set(server.wakeups.getCqEvent(server.cq, VerbsEnd.EVENT_MILLIS));
                    } catch (IOException e) {
                        outcome.set(e);
                    }
                });
                waiter.start();
                pair.client.send(round, 0, 10);
                waiter.join();
                assertEquals(true, outcome.get());
                server.cq.ackEvents(1);
                server.success(round);
                pair.client.success(round);
            }
        }
    }

    @Test
    void endsAWaitOnceForEachTimeItIsWoken() throws Exception {
        try (VerbsPair pair = pair()) {
            VerbsEnd server = pair.server;
            assumeTrue(server.provider.canWake());
            server.receive(1, 0, 100);
            server.cq.reqNotification(false).execute().free();
            server.provider.wake(server.wakeups);
            assertFalse(server.wakeups.getCqEvent(server.cq, VerbsEnd.WITHOUT_END));
            pair.client.send(2, 0, 10);
            assertTrue(server.wakeups.getCqEvent(server.cq, VerbsEnd.EVENT_MILLIS), "the wake-up was not used up");
            server.cq.ackEvents(1);
            server.success(1);
            pair.client.success(2);
            RdmaEventChannel events = server.provider.cm().createEventChannel();
            server.provider.wake(events);
            assertNull(events.getCmEvent(VerbsEnd.WITHOUT_END));
            assertNull(events.getCmEvent(1));
            events.destroyEventChannel();
        }
    }

    @Test
    void remembersAnEventThatComesBeforeTheWait() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.server.receive(1, 0, 100);
            pair.server.cq.reqNotification(false).execute().free();
            pair.client.send(2, 0, 10);
            pair.server.success(1);
            pair.client.success(2);
            assertTrue(pair.server.wakeups.getCqEvent(pair.server.cq, VerbsEnd.EVENT_MILLIS));
            pair.server.cq.ackEvents(1);
            // It was one event for one request for it.
            pair.server.receive(3, 0, 100);
            pair.client.send(4, 0, 10);
            pair.server.success(3);
            pair.client.success(4);
            assertFalse(pair.server.wakeups.getCqEvent(pair.server.cq, 1));
        }
    }

    // ---- DiSNI's own calls

    @Test
    void runsDisnisStatefulCallsAgainAndAgain() throws Exception {
        try (VerbsPair pair = pair()) {
            DisniCalls calls = new DisniCalls(pair.client, pair.server);
            for (int round = 0; round < 5; round++) {
                calls.sendAndReceive(round, "round " + round);
                assertEquals("round " + round, pair.server.text(0));
            }
            calls.readFrom(pair.server, 300, 400, "changed by getWrMod");
            assertEquals("changed by getWrMod", pair.client.text(400));
            calls.free();
            assertFalse(calls.isValid());
        }
    }

    @Test
    void namesItselfAndMakesDaemonThreads() {
        assertTrue(
                List.of("ffm", "software", "libdisni").contains(fixture.client().name()));
        Thread thread = fixture.client().thread("a-name", () -> {});
        assertTrue(thread.isDaemon());
        assertEquals(Thread.State.NEW, thread.getState());
    }

    @Test
    void acceptsSettingsThatTheDeviceCanDo() throws Exception {
        RdmaEventChannel channel = fixture.client().cm().createEventChannel();
        RdmaCmId id = channel.createId(RdmaCm.RDMA_PS_TCP);
        fixture.client().configure(id, QpSettings.defaults());
        id.destroyId();
        channel.destroyEventChannel();
    }
}
