package dev.weft.rpc.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.testkit.ContractHandler;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.EchoReply;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.TestClock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import org.junit.jupiter.api.Test;

/** The bytes of version 1, as {@code docs/protocol} draws them. */
final class FrameGoldenTest {
    private static final String HELLO = """
            10000000 10 00 00 00      # body of 16 bytes, HELLO, no flags, no extension
            0000000000000000          # id
            f7b41b1f ca21cb52         # CRC of the body, of the header
            57454654 0100 0000        # WEFT, version 1
            00000004 00000000         # longest message 64 MiB
            """;

    private static final String REQUEST = """
            1c000000 01 00 00 00      # body of 28 bytes, REQUEST, no flags, no extension
            0000020000000000          # id: sequence 1, slot 0
            b5f3fbf8 051bacac         # CRC of the body, of the header
            0fe9929d1b220424          # method: dev.weft.rpc.testkit.ContractService/echo
            01 00ac23fc06000000       # timeout, 30 s
            07000000                  # EchoRequest, 7 bytes
            02 6869 03 010203         # "hi", three bytes
            """;

    private static final String REPLY = """
            17000000 02 00 00 00      # body of 23 bytes, REPLY
            0000020000000000          # the request's id
            c18a6bb4 62100bb4         # CRC of the body, of the header
            00 00 0000                # success, no flags
            00000000 00000000         # microseconds in the queue, in the handler
            07000000                  # EchoReply, 7 bytes
            02 6869 03 010203         # "hi", three bytes
            """;

    @Test
    void greetingHasItsBytes() throws IOException {
        try (RpcServer server = RpcServer.builder()
                        .transport(new TcpTransportProvider())
                        .listen("tcp://127.0.0.1:0")
                        .start();
                RawPeer peer = RawPeer.connect(server.addresses().getFirst())) {
            assertBytes(HELLO, peer.readFrame());
        }
    }

    /** The client's clock stands still, so that the whole timeout is left when the request is sent. */
    @Test
    void requestHasItsBytesAndItsReplyIsUnderstood() throws Exception {
        Environment environment = new Environment(
                new TestClock(),
                Environment.system().random(),
                Environment.system().threads());
        ArrayBlockingQueue<EchoReply> replies = new ArrayBlockingQueue<>(1);
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RpcClient client = RpcClient.builder()
                        .environment(environment)
                        .transport(new TcpTransportProvider())
                        .build()) {
            var service = client.stub(ContractServiceRpc.SERVICE, "tcp://127.0.0.1:" + listening.getLocalPort());
            Thread caller = Thread.ofVirtual()
                    .start(() -> replies.add(
                            service.echo(new EchoRequest("hi", MemorySegment.ofArray(new byte[] {1, 2, 3})))));
            try (RawPeer peer = new RawPeer(listening.accept())) {
                peer.readFrame();
                peer.send(RawPeer.hello());
                assertBytes(REQUEST, peer.readFrame());
                peer.send(RawPeer.hex(REPLY));
                caller.join();
            }
            assertEquals("hi", replies.take().text());
        }
    }

    /** The server's clock stands still, so that no time passes in queue and handler. */
    @Test
    void replyHasItsBytes() throws IOException {
        Environment environment = new Environment(
                new TestClock(),
                Environment.system().random(),
                Environment.system().threads());
        try (RpcServer server = RpcServer.builder()
                        .environment(environment)
                        .transport(new TcpTransportProvider())
                        .bind(ContractServiceRpc.SERVICE, new ContractHandler(environment, BufferPool.shared()))
                        .listen("tcp://127.0.0.1:0")
                        .start();
                RawPeer peer = RawPeer.greet(server.addresses().getFirst())) {
            peer.send(RawPeer.hex(REQUEST));
            assertBytes(REPLY, peer.readFrame());
        }
    }

    private static void assertBytes(String expected, byte[] actual) {
        assertEquals(
                HexFormat.of().formatHex(RawPeer.hex(expected)), HexFormat.of().formatHex(actual));
    }
}
