package dev.weft.rpc.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.Address;
import dev.weft.rpc.Method;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.ServiceDefinition;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.ForeignProtocol;
import dev.weft.rpc.spi.ForeignRequest;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.serde.Codecs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A protocol of lines of a fixed length beside Weft's own: "SAY n" and n bytes, answered by "OK  n" and the same. */
final class ForeignProtocolTest {
    private static final Method<Object, byte[], byte[]> SAY = new Method<>(
            "test.Lines", "say", 77, Codecs.BYTES, Codecs.BYTES, false, false, List.of(), (_, bytes) -> bytes);

    @TempDir
    private Path folder;

    private RpcServer server;
    private Path socket;

    private static final class Lines implements ForeignProtocol {
        private record Line(long methodId, boolean oneWay) implements ForeignRequest {}

        @Override
        public String name() {
            return "Lines";
        }

        @Override
        public boolean recognizes(byte[] first) {
            return new String(first, 0, 4, StandardCharsets.US_ASCII).equals("SAY ");
        }

        @Override
        public int headBytes() {
            return 12;
        }

        @Override
        public int bodyBytes(byte[] head) {
            return Integer.parseInt(new String(head, 4, 8, StandardCharsets.US_ASCII).trim());
        }

        @Override
        public ForeignRequest request(MemorySegment body) {
            boolean unknown = body.byteSize() > 0 && body.get(ValueLayout.JAVA_BYTE, 0) == '?';
            return new Line(unknown ? 78 : 77, false);
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(60);
        }

        @Override
        public List<MemorySegment> reply(ForeignRequest request, List<MemorySegment> result) {
            long length = result.stream().mapToLong(MemorySegment::byteSize).sum();
            return Stream.concat(Stream.of(MemorySegment.ofArray(line("OK  ", (int) length))), result.stream())
                    .toList();
        }

        @Override
        public List<MemorySegment> failure(ForeignRequest request, StatusCode code, String reason) {
            return List.of(MemorySegment.ofArray(line("NO  ", code.wireValue())));
        }
    }

    private static byte[] line(String word, int number) {
        return (word + "%8d".formatted(number)).getBytes(StandardCharsets.US_ASCII);
    }

    @BeforeEach
    void start() throws Exception {
        socket = folder.resolve("s");
        TransportConfig transport = TransportConfig.defaults().withMaxMessageBytes(10_000_000);
        server = RpcServer.builder()
                .config(ServerConfig.defaults().withTransport(transport))
                .bind(
                        new ServiceDefinition<>(Object.class, "test.Lines", List.of(SAY), _ -> new Object()),
                        new Object())
                .foreign(new Lines())
                .listen("tcp://127.0.0.1:0")
                .listen("unix:" + socket)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void say(OutputStream out, int length) throws IOException {
        out.write(line("SAY ", length));
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) length);
        out.write(bytes);
        out.flush();
    }

    private static void assertSaid(InputStream in, int length) throws IOException {
        assertEquals("OK  %8d".formatted(length), new String(in.readNBytes(12), StandardCharsets.US_ASCII));
        byte[] bytes = in.readNBytes(length);
        assertEquals(length, bytes.length);
        for (byte one : bytes) {
            assertEquals((byte) length, one);
        }
    }

    private Socket connect() throws IOException {
        Address address = server.addresses().getFirst();
        Socket connected = new Socket(address.host(), address.port());
        connected.setSoTimeout(60_000);
        return connected;
    }

    @Test
    void framesOfAnyLengthAreAnsweredInTheirOrder() throws Exception {
        int[] lengths = {0, 1, 100, 65_535, 65_536, 65_537, 131_072, 300_000, 4_000_000, 5, 9_999_000, 6};
        try (Socket peer = connect()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int length : lengths) {
                        say(peer.getOutputStream(), length);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int length : lengths) {
                assertSaid(peer.getInputStream(), length);
            }
            sender.join();
        }
    }

    @Test
    void moreRequestsThanAreReadAheadAreAnsweredToo() throws Exception {
        try (Socket peer = connect()) {
            for (int i = 0; i < 20 * ForeignCalls.WAITING_MAX; i++) {
                say(peer.getOutputStream(), 20);
            }
            for (int i = 0; i < 20 * ForeignCalls.WAITING_MAX; i++) {
                assertSaid(peer.getInputStream(), 20);
            }
        }
    }

    @Test
    void unixSocketsHaveItToo() throws Exception {
        try (SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            peer.connect(UnixDomainSocketAddress.of(socket));
            say(Channels.newOutputStream(peer), 1000);
            assertSaid(Channels.newInputStream(peer), 1000);
        }
    }

    @Test
    void aWeftPeerIsGreetedWhenItHasBegunToGreet() throws Exception {
        byte[] hello = RawPeer.hello();
        // Shorter than what it takes to tell, as long as that, and longer.
        for (int first : new int[] {5, ForeignProtocol.FIRST_BYTES, 20, hello.length}) {
            try (RawPeer peer = RawPeer.connect(server.addresses().getFirst())) {
                peer.send(Arrays.copyOf(hello, first));
                peer.send(Arrays.copyOfRange(hello, first, hello.length));
                assertEquals(FrameHeader.HELLO, peer.readFrame()[4]);
                peer.send(RawPeer.frame(FrameHeader.PING, 0, 0, new byte[0], new byte[0]));
                assertEquals(FrameHeader.PONG, peer.readFrame()[4]);
            }
        }
    }

    @Test
    void whatTheServerDoesNotHaveIsAFailure() throws Exception {
        try (Socket peer = connect()) {
            peer.getOutputStream()
                    .write(ByteBuffer.allocate(13)
                            .put(line("SAY ", 1))
                            .put((byte) '?')
                            .array());
            byte[] answer = peer.getInputStream().readNBytes(12);
            assertEquals(
                    "NO  %8d".formatted(StatusCode.UNIMPLEMENTED.wireValue()),
                    new String(answer, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aFrameBeyondTheLimitOfMessagesEndsTheConnection() throws Exception {
        try (Socket peer = connect()) {
            peer.getOutputStream().write(line("SAY ", 10_000_001));
            assertEquals(-1, peer.getInputStream().read());
        }
    }
}
