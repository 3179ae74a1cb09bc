package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.testkit.TestClock;
import dev.weft.rpc.thrift.generated.Calls;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of calls to servers that break off, or lie. */
final class ThriftPeerTest {
    /** Of the first call of a client, in binary, with the result 5. */
    private static final String FIVE = "00000017 80010002 00000003 616464 00000001 08 0000 00000005 00";

    private final TestClock clock = new TestClock();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private ServerSocket listener;
    private ThriftPeer peer;

    @BeforeEach
    void start() throws IOException {
        Environment system = Environment.system();
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        peer = new ThriftPeer(
                "tcp://127.0.0.1:" + listener.getLocalPort(),
                ThriftConfig.defaults(),
                1,
                new Environment(clock, system.random(), system.threads()));
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
        listener.close();
    }

    private Calls.Client client() {
        return ThriftClient.of("Calls", Calls.Client::new, peer)
                .withEncoding(Encoding.BINARY)
                .get();
    }

    /** Answers {@code requests} on each connection with these bytes, and then ends it. */
    private void answer(int requests, String bytes) {
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    accepted.incrementAndGet();
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    for (int i = 0; i < requests; i++) {
                        in.skipNBytes(in.readInt());
                        asked.countDown();
                        socket.getOutputStream().write(HexFormat.of().parseHex(bytes.replace(" ", "")));
                    }
                    if (requests == 0) {
                        asked.countDown();
                        in.readAllBytes();
                    }
                } catch (IOException e) {
                    // The next one, or the end of the test.
                }
                ended.countDown();
            }
        });
    }

    private RpcException thrown() {
        return assertThrows(RpcException.class, () -> client().add(2, 3));
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        answer(2, FIVE);
        assertEquals(5, client().add(2, 3));
        assertEquals(5, client().add(2, 3));
        assertEquals(1, accepted.get());
    }

    @Test
    void oneThatTheServerHasEndedInTheMeantimeIsNot() throws Exception {
        answer(1, FIVE);
        assertEquals(5, client().add(2, 3));
        ended.await();
        clock.advance(Duration.ofSeconds(2));
        assertEquals(5, client().add(2, 3));
        assertEquals(2, accepted.get());
    }

    @Test
    void anAnswerThatBreaksOffIsALostConnection() {
        answer(1, "00000017 8001");
        assertEquals(StatusCode.CONNECTION_LOST, thrown().code());
    }

    @Test
    void anAnswerBeyondTheLimitIsNotWaitedFor() {
        answer(1, "7fffffff 8001");
        RpcException thrown = thrown();
        assertEquals(StatusCode.CONNECTION_LOST, thrown.code());
        assertTrue(thrown.reason().contains("frame of 2147483647 bytes exceeds 16777216"), thrown.reason());
    }

    @Test
    void moreCallsThanConnectionsAreRefused() throws Exception {
        answer(0, "");
        Thread first = Thread.ofVirtual().start(() -> assertThrows(Exception.class, () -> client().add(2, 3)));
        asked.await();
        RpcException thrown = thrown();
        assertEquals(StatusCode.RESOURCE_EXHAUSTED, thrown.code());
        first.interrupt();
        first.join();
    }

    @Test
    void aClosedPeerIsOfNoUse() {
        peer.close();
        assertEquals(StatusCode.UNAVAILABLE, thrown().code());
    }
}
