package dev.weft.rpc.rdma.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.verbs.VerbsEnd;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes beyond the contract between processes: big transfers, retries, peers that vanish or send nonsense. */
final class SocketPathTest {
    private static final int RETRY_EXCEEDED = 12;

    private final SoftwareVerbsProvider server = SoftwareVerbsProvider.betweenProcesses(Environment.system());
    private final SoftwareVerbsProvider client = SoftwareVerbsProvider.betweenProcesses(Environment.system());
    private final VerbsFixture fixture = new VerbsFixture(
            server, client, InetAddress.ofLiteral("127.0.0.1"), Optional.empty(), Optional.empty(), Set.of());

    @AfterEach
    void close() {
        assertEquals(OpenObjects.NONE, server.open());
        assertEquals(OpenObjects.NONE, client.open());
        server.close();
        client.close();
    }

    @Test
    void movesMegabytesInBothDirectionsAtOnce() throws Exception {
        int size = 5_000_000;
        try (VerbsPair pair = new VerbsPair(fixture);
                Arena arena = Arena.ofShared()) {
            MemorySegment ours = randomBytes(arena, size, 1);
            MemorySegment theirs = randomBytes(arena, size, 2);
            MemorySegment toClient = arena.allocate(size);
            MemorySegment toServer = arena.allocate(size);
            var atClient = client.register(pair.client.pd, ours, VerbsEnd.ACCESS_ALL);
            var intoClient = client.register(pair.client.pd, toClient, VerbsEnd.ACCESS_ALL);
            var atServer = server.register(pair.server.pd, theirs, VerbsEnd.ACCESS_ALL);
            var intoServer = server.register(pair.server.pd, toServer, VerbsEnd.ACCESS_ALL);
            // The client writes and reads, and the server does the same, all at the same time.
            transfer(
                    pair.client, IbvSendWR.IBV_WR_RDMA_WRITE, ours, atClient.getLkey(), toServer, intoServer.getRkey());
            transfer(
                    pair.server,
                    IbvSendWR.IBV_WR_RDMA_WRITE,
                    theirs,
                    atServer.getLkey(),
                    toClient,
                    intoClient.getRkey());
            pair.client.success(size);
            pair.server.success(size);
            assertEquals(-1, ours.mismatch(toServer));
            assertEquals(-1, theirs.mismatch(toClient));
            toClient.fill((byte) 0);
            toServer.fill((byte) 0);
            transfer(
                    pair.client,
                    IbvSendWR.IBV_WR_RDMA_READ,
                    toClient,
                    intoClient.getLkey(),
                    theirs,
                    atServer.getRkey());
            transfer(pair.server, IbvSendWR.IBV_WR_RDMA_READ, toServer, intoServer.getLkey(), ours, atClient.getRkey());
            pair.client.success(size);
            pair.server.success(size);
            assertEquals(-1, ours.mismatch(toServer));
            assertEquals(-1, theirs.mismatch(toClient));
            for (var region : new com.ibm.disni.verbs.IbvMr[] {atClient, intoClient, atServer, intoServer}) {
                region.deregMr().execute().free();
            }
        }
    }

    private static MemorySegment randomBytes(Arena arena, int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return arena.allocate(size).copyFrom(MemorySegment.ofArray(bytes));
    }

    private static void transfer(
            VerbsEnd end, int opcode, MemorySegment local, int lkey, MemorySegment remote, int rkey)
            throws IOException {
        var chain = end.provider.sendChain(end.qp, 1, 2);
        chain.add(local.byteSize(), opcode, IbvSendWR.IBV_SEND_SIGNALED, 0, remote.address(), rkey);
        chain.addSge(local.address(), 1001, lkey);
        chain.addSge(local.address() + 1001, (int) local.byteSize() - 1001, lkey);
        chain.execute();
        chain.free();
    }

    @Test
    void sendsAMessageOfSeveralFrames() throws Exception {
        try (VerbsPair pair = new VerbsPair(fixture)) {
            pair.client.memory.fill((byte) 7);
            pair.server.receive(1, 0, VerbsEnd.MEMORY_BYTES);
            pair.client.send(2, 0, VerbsEnd.MEMORY_BYTES);
            assertEquals(VerbsEnd.MEMORY_BYTES, pair.server.success(1).getByte_len());
            assertEquals(-1, pair.client.memory.mismatch(pair.server.memory));
            pair.client.success(2);
        }
    }

    @Test
    void refusesAMessageThatIsTooLongForItsReceiveRequest() throws Exception {
        try (VerbsPair pair = new VerbsPair(fixture)) {
            pair.server.receive(1, 0, VerbsEnd.MEMORY_BYTES - 1);
            pair.client.send(2, 0, VerbsEnd.MEMORY_BYTES);
            assertEquals(1, pair.server.completion().getStatus());
            assertEquals(9, pair.client.completion().getStatus());
        }
    }

    @Test
    void sendsAgainWhenTheReceiverWasNotReady() throws Exception {
        try (VerbsPair pair = new VerbsPair(fixture, 7)) {
            pair.client.fill(0, "patience");
            pair.client.send(1, 0, 10);
            pair.client.oneSided(2, IbvSendWR.IBV_WR_RDMA_READ, 100, 1000, pair.server);
            pair.client.oneSided(3, IbvSendWR.IBV_WR_RDMA_WRITE, 100, 1000, pair.server);
            assertTrue(pair.client.isIdle());
            pair.server.receive(9, 0, 100);
            pair.client.success(1);
            pair.client.success(2);
            pair.client.success(3);
            pair.server.success(9);
            assertEquals("patience", pair.server.text(0));
        }
    }

    @Test
    void givesUpOnAQueuePairThatIsGone() throws Exception {
        client.faults().retryTime(Duration.ofMillis(50));
        try (VerbsPair pair = new VerbsPair(fixture)) {
            pair.server.id.destroyQP();
            pair.client.oneSided(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 10, pair.server);
            assertEquals(RETRY_EXCEEDED, pair.client.completion().getStatus());
        }
    }

    @Test
    void tellsOfAPeerThatVanishes() throws Exception {
        client.faults().retryTime(Duration.ofMillis(50));
        try (VerbsPair pair = new VerbsPair(fixture)) {
            server.close(); // all of its connections end at once, as with its process
            pair.client.expectEvent(EventType.RDMA_CM_EVENT_DISCONNECTED);
            pair.client.oneSided(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 10, pair.server);
            assertEquals(RETRY_EXCEEDED, pair.client.completion().getStatus());
        }
    }

    @Test
    void writesNothingOfARequestThatDoesNotFit() throws Exception {
        try (VerbsPair pair = new VerbsPair(fixture)) {
            pair.client.memory.fill((byte) 7);
            // The first frame alone would fit.
            pair.client.post(
                    1,
                    IbvSendWR.IBV_WR_RDMA_WRITE,
                    IbvSendWR.IBV_SEND_SIGNALED,
                    0,
                    0,
                    40_000,
                    pair.server.address(VerbsEnd.MEMORY_BYTES - 39_999),
                    pair.server.region.getRkey());
            assertEquals(10, pair.client.completion().getStatus());
            assertEquals(IbvQP.IBV_QPS_ERR, pair.server.qp.getState());
            for (byte each : pair.server.bytes(VerbsEnd.MEMORY_BYTES - 39_999, 39_999)) {
                assertEquals(0, each);
            }
        }
    }

    @Test
    void keepsListeningWhenStrangersTalkNonsense() throws Exception {
        RdmaEventChannel listening = server.cm().createEventChannel();
        RdmaCmId listener = VerbsPair.listen(listening, fixture.address());
        int port = ((InetSocketAddress) listener.getSource()).getPort();
        var random = new SplittableRandom(42);
        for (int round = 0; round < 50; round++) {
            try (Socket stranger = new Socket(fixture.address(), port)) {
                byte[] nonsense = new byte[random.nextInt(1, 2_000)];
                random.nextBytes(nonsense);
                stranger.getOutputStream().write(nonsense);
            } catch (IOException e) {
                // It was thrown out while it was talking.
            }
        }
        listener.destroyId();
        listening.destroyEventChannel();
        try (VerbsPair pair = new VerbsPair(fixture)) {
            pair.client.oneSided(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 10, pair.server);
            pair.client.success(1);
        }
    }

    @Test
    void failsTheQueuePairOfAPeerThatSendsABadFrame() throws Exception {
        RdmaEventChannel listening = server.cm().createEventChannel();
        RdmaCmId listener = VerbsPair.listen(listening, fixture.address());
        int port = ((InetSocketAddress) listener.getSource()).getPort();
        Frame[] bad = {
            new Frame().set(Frame.ACK, 5),
            new Frame().set(Frame.WRITE, 7),
            new Frame().set(Frame.REFUSE, 0),
            new Frame().set(Frame.CONNECT, 0),
            new Frame().set(99, 0)
        };
        for (Frame frame : bad) {
            try (Socket stranger = new Socket(fixture.address(), port)) {
                var buffer = ByteBuffer.allocate(Frame.HEADER_BYTES + Handshake.bytes(56));
                var header = new Frame().set(Frame.CONNECT, 0);
                header.payload = Handshake.bytes(56);
                header.put(buffer);
                new Handshake(1234, new ConnectData(new byte[56], 1, 1, 7, 7)).put(buffer);
                stranger.getOutputStream().write(buffer.array());
                var asked = VerbsEnd.expect(listening, EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
                try (VerbsEnd end = new VerbsEnd(server, listening, false, asked.getConnIdPriv())) {
                    end.receive(1, 0, 10);
                    end.id.accept(VerbsEnd.param(MemorySegment.NULL));
                    buffer.clear();
                    frame.put(buffer);
                    stranger.getOutputStream().write(buffer.array(), 0, Frame.HEADER_BYTES);
                    end.expectEvent(EventType.RDMA_CM_EVENT_DISCONNECTED);
                    IbvWC flushed = end.completion();
                    assertEquals(5, flushed.getStatus());
                    assertEquals(IbvQP.IBV_QPS_ERR, end.qp.getState());
                }
            }
        }
        listener.destroyId();
        listening.destroyEventChannel();
    }

    @Test
    void listensAtAllAddressesOfTheMachine() throws Exception {
        RdmaEventChannel listening = server.cm().createEventChannel();
        RdmaCmId listener = listening.createId(RdmaCm.RDMA_PS_TCP);
        listener.bindAddr(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0));
        listener.listen(1);
        int port = ((InetSocketAddress) listener.getSource()).getPort();
        RdmaEventChannel connecting = client.cm().createEventChannel();
        RdmaCmId id = VerbsPair.resolve(connecting, Optional.empty(), new InetSocketAddress(fixture.address(), port));
        try (VerbsEnd end = new VerbsEnd(client, connecting, true, id)) {
            end.id.connect(VerbsEnd.param(MemorySegment.NULL));
            var asked = VerbsEnd.expect(listening, EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
            listener.destroyId();
            asked.getConnIdPriv().destroyId();
            end.expectEvent(EventType.RDMA_CM_EVENT_REJECTED);
        }
        listening.destroyEventChannel();
    }
}
