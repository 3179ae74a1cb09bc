package dev.weft.rpc.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.testkit.ContractHandler;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.EchoRequest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What garbage costs: its own connection, or its own call, and nobody else. */
final class HostileFramesTest {
    private static final byte[] NONE = {};

    private RpcServer server;
    private RpcClient client;
    private ContractService service;

    @SuppressWarnings("NullAway.Init") // see start
    HostileFramesTest() {}

    @BeforeEach
    void start() throws IOException {
        server = RpcServer.builder()
                .transport(new TcpTransportProvider())
                .bind(ContractServiceRpc.SERVICE, new ContractHandler(Environment.system(), BufferPool.shared()))
                .listen("tcp://127.0.0.1:0")
                .start();
        client = RpcClient.builder().transport(new TcpTransportProvider()).build();
        service = client.stub(ContractServiceRpc.SERVICE, server.address());
        echo();
    }

    @AfterEach
    void stop() {
        echo();
        client.close();
        server.close();
    }

    /** Another client's calls go on over the connection it has. */
    private void echo() {
        EchoRequest request = new EchoRequest("here", MemorySegment.ofArray(new byte[10]));
        assertEquals("here", service.echo(request).text());
    }

    private void assertCostsTheConnection(byte[] bytes) throws IOException {
        try (RawPeer peer = RawPeer.greet(server.addresses().getFirst())) {
            try {
                peer.send(bytes);
            } catch (IOException closedWhileSending) {
                // The server need not read to the end what it refuses.
            }
            assertTrue(peer.isClosedByPeer());
        }
        echo();
    }

    @Test
    void garbageInsteadOfAGreeting() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.addresses().getFirst())) {
            peer.send("GET / HTTP/1.1\r\nHost: somewhere\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertTrue(peer.isClosedByPeer());
        }
    }

    @Test
    void requestBeforeTheGreeting() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.addresses().getFirst())) {
            peer.send(RawPeer.frame(MessageKind.REQUEST, 0, 1, NONE, new byte[20]));
            assertTrue(peer.isClosedByPeer());
        }
    }

    @Test
    void greetingOfAnotherVersion() throws IOException {
        byte[] body = Hello.encode(1 << 20);
        body[4] = 99;
        try (RawPeer peer = RawPeer.connect(server.addresses().getFirst())) {
            peer.send(RawPeer.frame(FrameHeader.HELLO, 0, 0, NONE, body));
            assertTrue(peer.isClosedByPeer());
        }
    }

    @Test
    void secondGreeting() throws IOException {
        assertCostsTheConnection(RawPeer.hello());
    }

    @Test
    void damagedHeader() throws IOException {
        byte[] frame = RawPeer.frame(MessageKind.REQUEST, 0, 1, NONE, new byte[20]);
        frame[9] ^= 1;
        assertCostsTheConnection(frame);
    }

    @Test
    void unknownKind() throws IOException {
        assertCostsTheConnection(RawPeer.frame(77, 0, 1, NONE, NONE));
    }

    @Test
    void extensionThatDoesNotFitTheKind() throws IOException {
        assertCostsTheConnection(RawPeer.frame(MessageKind.REQUEST, 0, 1, new byte[200], new byte[20]));
        assertCostsTheConnection(RawPeer.frame(FrameHeader.READ, 0, 1, new byte[8], NONE));
    }

    @Test
    void bodyLongerThanAFrameMayBe() throws IOException {
        byte[] frame = RawPeer.frame(MessageKind.REQUEST, 0, 1, NONE, new byte[FrameHeader.BODY_BYTES_MAX + 1]);
        assertCostsTheConnection(frame);
    }

    @Test
    void messageThatAnnouncesMoreThanTheLimit() throws IOException {
        assertCostsTheConnection(fragment(1, Integer.MAX_VALUE, 0, new byte[10]));
        assertCostsTheConnection(fragment(1, -1, 0, new byte[10]));
    }

    @Test
    void fragmentsThatDoNotFollowEachOther() throws IOException {
        assertCostsTheConnection(fragment(1, 1000, 500, new byte[500]));
        try (RawPeer peer = RawPeer.greet(server.addresses().getFirst())) {
            peer.send(fragment(1, 1000, 0, new byte[100]));
            peer.send(fragment(1, 1000, 101, new byte[100]));
            assertTrue(peer.isClosedByPeer());
        }
    }

    @Test
    void unfinishedMessagesBeyondTheLimit() throws IOException {
        try (RawPeer peer = RawPeer.greet(server.addresses().getFirst())) {
            int total = 60 << 20;
            for (int id = 1; id <= 10; id++) {
                peer.send(fragment(id, total, 0, new byte[10]));
            }
            assertTrue(peer.isClosedByPeer());
        } catch (IOException closedWhileSending) {
            echo();
        }
    }

    @Test
    void damagedBodyCostsItsCallOnly() throws IOException {
        try (RawPeer peer = RawPeer.greet(server.addresses().getFirst())) {
            byte[] frame = RawPeer.frame(MessageKind.REQUEST, 0, 5, NONE, new byte[20]);
            frame[frame.length - 1] ^= 1;
            peer.send(frame);
            assertReply(peer.readFrame(), 5, StatusCode.DATA_CORRUPTED);
            peer.send(RawPeer.frame(MessageKind.REQUEST, 0, 6, NONE, new byte[20]));
            assertReply(peer.readFrame(), 6, StatusCode.UNIMPLEMENTED);
        }
    }

    @Test
    void requestCutShortCostsItsCallOnly() throws IOException {
        try (RawPeer peer = RawPeer.greet(server.addresses().getFirst())) {
            ByteBuffer body = ByteBuffer.allocate(17).order(ByteOrder.LITTLE_ENDIAN);
            body.putLong(ContractServiceRpc.SERVICE.methods().getFirst().id())
                    .put((byte) 1)
                    .putLong(1_000_000_000);
            peer.send(RawPeer.frame(MessageKind.REQUEST, 0, 7, NONE, body.array()));
            byte[] reply = peer.readFrame();
            assertEquals(
                    7, ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong(8));
            peer.send(RawPeer.frame(MessageKind.REQUEST, 0, 8, NONE, new byte[3]));
            assertReply(peer.readFrame(), 8, StatusCode.INVALID_ARGUMENT);
        }
    }

    /** The answers that nobody reads have a limit. */
    @Test
    void pingsWhoseAnswersAreNotRead() throws IOException {
        byte[] ping = RawPeer.frame(FrameHeader.PING, 0, 0, NONE, NONE);
        ByteBuffer many = ByteBuffer.allocate(ping.length * 10_000);
        while (many.hasRemaining()) {
            many.put(ping);
        }
        try (RawPeer peer = RawPeer.greet(server.addresses().getFirst())) {
            for (int i = 0; i < 2_000; i++) {
                peer.send(many.array());
            }
            fail("the server takes everything");
        } catch (IOException closed) {
            echo();
        }
    }

    @Test
    void randomBytesAndRandomDamage() throws IOException {
        Random random = new Random(4711);
        for (int i = 0; i < 200; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(2000)];
                random.nextBytes(bytes);
            } else {
                bytes = RawPeer.frame(1 + random.nextInt(24), random.nextInt(4), random.nextLong(), NONE, new byte[50]);
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try (RawPeer peer = RawPeer.greet(server.addresses().getFirst())) {
                peer.send(bytes);
            }
            if (i % 20 == 0) {
                echo();
            }
        }
    }

    private static byte[] fragment(long id, int total, int offset, byte[] body) {
        byte[] extension = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(total)
                .putInt(offset)
                .array();
        return RawPeer.frame(MessageKind.REQUEST, FrameHeader.FRAGMENT, id, extension, body);
    }

    private static void assertReply(byte[] frame, long id, StatusCode status) {
        ByteBuffer in = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(MessageKind.REPLY, in.get(4));
        assertEquals(id, in.getLong(8));
        assertEquals(status.wireValue(), in.get(FrameHeader.BYTES));
    }
}
