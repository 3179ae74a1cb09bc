package dev.weft.rpc.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.testkit.ContractHandler;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.TextRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A peer that is killed, and one that says nothing any more: who notices, and how fast. */
final class PeerDeathTest {
    /** Serves until it is killed; prints its address. */
    static final class ServerProcess {
        private ServerProcess() {}

        public static void main(String[] arguments) throws Exception {
            RpcServer server = RpcServer.builder()
                    .transport(new TcpTransportProvider())
                    .bind(ContractServiceRpc.SERVICE, new ContractHandler(Environment.system(), BufferPool.shared()))
                    .listen("tcp://127.0.0.1:0")
                    .start();
            System.out.println(server.address());
            Thread.currentThread().join();
        }
    }

    @Test
    void callsToAKilledPeerFailAtOnceAndOthersGoOn() throws Exception {
        try (KillableServer doomed = new KillableServer();
                KillableServer other = new KillableServer();
                RpcClient client = client(TransportConfig.defaults())) {
            ContractService onDoomed = client.stub(ContractServiceRpc.SERVICE, doomed.address());
            ContractService onOther = client.stub(ContractServiceRpc.SERVICE, other.address());
            echo(onDoomed);
            echo(onOther);
            CompletableFuture<RpcException> failure = failureOf(() -> onDoomed.block(new TextRequest("waits")));
            CompletableFuture<RpcException> untouched = failureOf(() -> onOther.block(new TextRequest("waits")));
            echo(onDoomed);

            long killed = System.nanoTime();
            doomed.kill();
            assertEquals(
                    StatusCode.CONNECTION_LOST,
                    failure.get(10, TimeUnit.SECONDS).code());
            long millis = (System.nanoTime() - killed) / 1_000_000;
            // The kernel says so at once; far below any timeout.
            assertTrue(millis < 4_000, "noticed after " + millis + " ms");
            echo(onOther);
            assertTrue(!untouched.isDone(), "a call to another peer goes on");
            RpcException refused = assertThrows(RpcException.class, () -> echo(onDoomed));
            assertEquals(StatusCode.UNAVAILABLE, refused.code());
        }
    }

    @Test
    void silentPeerIsGivenUpAfterTheKeepAliveTime() throws Exception {
        TransportConfig brisk =
                TransportConfig.defaults().withKeepAlive(Duration.ofMillis(300), Duration.ofMillis(300));
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RpcClient client = client(brisk)) {
            ContractService service =
                    client.stub(ContractServiceRpc.SERVICE, "tcp://127.0.0.1:" + listening.getLocalPort());
            CompletableFuture<RpcException> failure = failureOf(() -> service.block(new TextRequest("waits")));
            try (RawPeer peer = new RawPeer(listening.accept())) {
                peer.readFrame();
                peer.send(RawPeer.hello());
                peer.readFrame();
                // From here on the peer is a half-open connection: it takes bytes and never answers.
                RpcException lost = failure.get(10, TimeUnit.SECONDS);
                assertEquals(StatusCode.CONNECTION_LOST, lost.code());
                assertTrue(lost.reason().contains("silent"), lost.reason());
            }
        }
    }

    @Test
    void idlePeerThatAnswersIsKept() throws Exception {
        TransportConfig brisk =
                TransportConfig.defaults().withKeepAlive(Duration.ofMillis(300), Duration.ofMillis(1000));
        try (KillableServer server = new KillableServer();
                RpcClient client = client(brisk)) {
            ContractService service = client.stub(ContractServiceRpc.SERVICE, server.address());
            CompletableFuture<RpcException> failure = failureOf(() -> service.block(new TextRequest("waits")));
            assertThrows(java.util.concurrent.TimeoutException.class, () -> failure.get(3, TimeUnit.SECONDS));
            echo(service);
        }
    }

    private static RpcClient client(TransportConfig config) {
        return RpcClient.builder()
                .transport(new TcpTransportProvider())
                .config(ClientConfig.defaults().withTransport(config))
                .build();
    }

    private static void echo(ContractService service) {
        assertEquals(
                "x",
                service.echo(new EchoRequest("x", MemorySegment.ofArray(new byte[1])))
                        .text());
    }

    private static CompletableFuture<RpcException> failureOf(Runnable call) {
        CompletableFuture<RpcException> failure = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> failure.complete(assertThrows(RpcException.class, call::run)));
        return failure;
    }

    /** A {@link ServerProcess}. */
    private static final class KillableServer implements AutoCloseable {
        private final Process process;
        private final String address;

        KillableServer() throws IOException {
            // The path of a test that surefire runs as part of a module is in two properties.
            String path = System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", "");
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            path + ":" + Path.of("target", "test-classes") + ":" + Path.of("target", "classes"),
                            ServerProcess.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = out.readLine();
            if (line == null) {
                throw new IOException("the server process ended");
            }
            address = line;
        }

        String address() {
            return address;
        }

        /** As {@code kill -9}. */
        void kill() {
            process.destroyForcibly();
        }

        @Override
        public void close() {
            kill();
        }
    }
}
