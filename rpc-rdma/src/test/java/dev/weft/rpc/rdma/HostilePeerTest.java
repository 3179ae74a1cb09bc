package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.rdma.ControlFrame.Offer;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;
import dev.weft.rpc.testkit.ContractHandler;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.EchoRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that do not keep to the protocol lose their connection, and nobody else notices. */
final class HostilePeerTest {
    private static final int PEERS = 300;

    private final Environment environment = Environment.system();
    private final SoftwareFabric fabric = SoftwareFabric.of(environment);
    private final SoftwareVerbsProvider serverVerbs = fabric.host(fabric.device("s0", "10.0.0.1"));
    private final SoftwareVerbsProvider hostileVerbs = fabric.host(fabric.device("h0", "10.0.0.2"));
    private final SoftwareVerbsProvider friendlyVerbs = fabric.host(fabric.device("f0", "10.0.0.3"));
    private final BufferPool buffers = new BufferPool(new BufferPoolConfig(8 << 20, 1 << 20), environment);
    private RpcServer server;
    private RpcClient client;
    private ContractService stub;
    private long nextId = 1;

    @BeforeEach
    void start() throws IOException {
        server = RpcServer.builder()
                .transport(new RdmaTransportProvider(RdmaConfig.defaults(), serverVerbs))
                .buffers(buffers)
                .bind(ContractServiceRpc.SERVICE, new ContractHandler(environment, buffers))
                .listen("rdma://10.0.0.1:0")
                .start();
        client = RpcClient.builder()
                .transport(new RdmaTransportProvider(RdmaConfig.defaults(), friendlyVerbs))
                .build();
        stub = client.stub(
                ContractServiceRpc.SERVICE, server.addresses().getFirst().toString());
        assertServes();
    }

    /** Over the connection that was there before. */
    @AfterEach
    void stop() {
        assertServes();
        client.close();
        server.close();
        buffers.close();
        assertEquals(0, fabric.open().queuePairs(), "queue pairs are left");
    }

    private void assertServes() {
        assertEquals(
                "still there",
                stub.echo(new EchoRequest("still there", MemorySegment.ofArray(new byte[100])))
                        .text());
    }

    private RawPeer connect(byte[] request) throws IOException {
        return new RawPeer(
                hostileVerbs,
                new InetSocketAddress("10.0.0.1", server.addresses().getFirst().port()),
                request);
    }

    private RawPeer connect() throws IOException {
        RawPeer peer = connect(RawPeer.request(nextId++));
        assertTrue(peer.isConnected());
        return peer;
    }

    private static byte[] hello() {
        return ControlFrame.plain(ControlFrame.HELLO, 0);
    }

    private static byte[] join(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    // --- what is right

    @Test
    void aBufferCarriesItsCountOfReceivedBuffers() throws Exception {
        try (RawPeer peer = connect()) {
            peer.send(RawPeer.WITH_MESSAGES, join(hello(), ControlFrame.plain(ControlFrame.OPEN, 42)));
            RawPeer.Received answer = peer.receive();
            assertNotNull(answer);
            assertEquals(0x0100_0001, answer.word());
            assertEquals(ControlFrame.GRANT, MessageHeader.kind(answer.bytes(), 0));
            assertEquals(42, MessageHeader.id(answer.bytes(), 0));
        }
    }

    @Test
    void aQuarterOfTheRingIsAcknowledgedByAnEmptyBuffer() throws Exception {
        try (RawPeer peer = connect()) {
            peer.send(RawPeer.WITH_MESSAGES, hello());
            peer.send(RawPeer.WITH_MESSAGES, hello());
            RawPeer.Received acknowledgement = peer.receive();
            assertNotNull(acknowledgement);
            assertEquals(0x0200_0002, acknowledgement.word());
            assertEquals(0, acknowledgement.bytes().length);
        }
    }

    @Test
    void theReplyHasNoMoreBuffersThanWereAskedFor() throws Exception {
        try (RawPeer peer = connect()) {
            ConnectData.Reply reply = ConnectData.Reply.read(peer.reply());
            assertEquals(ConnectData.Answer.ACCEPTED, reply.answer());
            assertEquals(RawPeer.RING_BUFFERS, reply.ringBuffers());
            assertEquals(RawPeer.BUFFER_BYTES, reply.bufferBytes());
            peer.send(RawPeer.WITH_MESSAGES, hello());
        }
    }

    // --- what is not

    private void assertEnds(String reason, int word, byte[] buffer) throws Exception {
        try (RawPeer peer = connect()) {
            peer.send(RawPeer.WITH_MESSAGES, hello());
            peer.send(word, buffer);
            assertEquals(reason, peer.reasonOfEnd());
        }
    }

    private void assertEnds(String reason, byte[] frame) throws Exception {
        assertEnds("what the peer sends cannot be: " + reason, RawPeer.WITH_MESSAGES, frame);
    }

    private static byte[] frame(byte kind, long id, byte... body) {
        byte[] frame = new byte[MessageHeader.BYTES + body.length];
        System.arraycopy(body, 0, frame, MessageHeader.BYTES, body.length);
        MessageHeader.fillIn(frame, frame.length, kind, id);
        return frame;
    }

    @Test
    void framesThatCannotBeEndTheConnection() throws Exception {
        assertEnds("frame of unknown kind 99", frame((byte) 99, 0));
        assertEnds("frame of unknown kind 0", frame((byte) 0, 0));
        assertEnds("bytes of a frame of 23 is not in 24..2147483647", Arrays.copyOf(hello(), 23));
        byte[] tooLong = hello();
        tooLong[0] = 1;
        assertEnds("body length of 1 is not in 0..0", tooLong);
        byte[] broken = frame(ControlFrame.RELEASED, 1, new byte[4]);
        broken[MessageHeader.BYTES] ^= 1;
        assertEnds("frame of kind 19 does not match its checksum", broken);
        assertEnds("bytes of RELEASED of 2 is not in 4..2147483647", frame(ControlFrame.RELEASED, 1, new byte[2]));
        assertEnds("bytes of LARGE of 0 is not in 32..2147483647", frame(ControlFrame.LARGE, 1));
        assertEnds("rail of 9 is not in 0..7", frame(ControlFrame.RAIL_ENDED, 9L << 32, new byte[8]));
        assertEnds(
                "long message's length of 1073741824 is not in 0..67108864",
                ControlFrame.large(1, new Offer(1, 0, 1 << 30, (byte) 1, 0, new MemoryKeys(new int[0], new int[0]))));
    }

    @Test
    void wordsThatCannotBeEndTheConnection() throws Exception {
        // Three buffers are said to have come, and none was sent.
        assertEnds("the peer sends a word of 1000003 that cannot be", RawPeer.WITH_MESSAGES | 3, new byte[0]);
        assertEnds("the peer sends a word of 2ffffff that cannot be", 0x02FF_FFFF, new byte[0]);
        assertEnds("the peer sends a word of 0 that cannot be", 0, hello());
        assertEnds("the peer sends a word of 3000000 that cannot be", 3 << 24, hello());
    }

    /** The device refuses to read it, which ends the queue pair: there is no way left to say why. */
    @Test
    void aLongMessageThatIsNotThereEndsTheConnection() throws Exception {
        MemoryKeys keys = new MemoryKeys(new int[] {0}, new int[] {0x666});
        try (RawPeer peer = connect()) {
            peer.send(RawPeer.WITH_MESSAGES, hello());
            peer.send(RawPeer.WITH_MESSAGES, ControlFrame.large(1, new Offer(1, 4096, 1 << 20, (byte) 1, 0, keys)));
            assertNull(peer.reasonOfEnd());
        }
    }

    @Test
    void aLongMessageThatDoesNotMatchItsChecksumCostsItsCallOnly() throws Exception {
        byte[] message = new byte[5000];
        CRC32C crc = new CRC32C();
        crc.update(message);
        try (RawPeer peer = connect()) {
            peer.send(RawPeer.WITH_MESSAGES, hello());
            peer.offer(message, (int) crc.getValue() ^ 1);
            assertTrue(peer.reply(1).contains("did not match its checksum"));
            peer.offer(message, (int) crc.getValue());
            assertFalse(peer.reply(1).contains("checksum"));
        }
    }

    /** Each has a share of what is right, so that it gets beyond the first check. */
    @Test
    void randomBuffersHurtNobodyElse() throws Exception {
        for (int seed = 0; seed < PEERS; seed++) {
            Random random = new Random(seed);
            try (RawPeer peer = connect()) {
                peer.send(RawPeer.WITH_MESSAGES, hello());
                for (int i = random.nextInt(RawPeer.RING_BUFFERS - 1); i >= 0; i--) {
                    int word = random.nextInt(20) == 0 ? random.nextInt() : RawPeer.WITH_MESSAGES;
                    peer.send(word, buffer(random));
                }
            }
            if (seed % 50 == 0) {
                assertServes();
            }
        }
    }

    private static byte[] buffer(Random random) {
        byte[] all = new byte[0];
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte[] body = new byte[random.nextInt(60)];
            random.nextBytes(body);
            if (body.length > 0 && random.nextBoolean()) {
                body[0] = 0;
            }
            byte[] frame = frame((byte) random.nextInt(30), random.nextInt(4), body);
            if (random.nextInt(10) == 0) {
                frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            }
            all = join(all, frame);
        }
        return Arrays.copyOf(all, random.nextInt(10) == 0 ? random.nextInt(all.length + 1) : all.length);
    }

    @Test
    void connectDataThatCannotBeIsRefused() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < PEERS; i++) {
            byte[] request = RawPeer.request(nextId++);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                request[random.nextInt(request.length)] = (byte) random.nextInt();
            }
            try (RawPeer peer = connect(request)) {
                if (peer.isConnected()) {
                    peer.send(RawPeer.WITH_MESSAGES, hello());
                }
            }
        }
    }

    @Test
    void aRailOfAConnectionThatIsNotThereIsRefused() throws Exception {
        byte[] request = RawPeer.request(nextId++);
        request[5] = 2; // JOIN
        try (RawPeer peer = connect(request)) {
            assertTrue(peer.isConnected());
            assertEquals(
                    ConnectData.Answer.UNKNOWN_CONNECTION,
                    ConnectData.Reply.read(peer.reply()).answer());
        }
    }
}
