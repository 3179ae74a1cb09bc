package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.spi.TransportProvider;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server and a client over the transport under test, for each test, and a check that nothing leaked after it. */
abstract class TransportFixture {
    static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);

    final Environment environment = Environment.system();
    private final List<AutoCloseable> opened = new ArrayList<>();

    // Set before each test.
    BufferPool serverBuffers;
    BufferPool clientBuffers;
    ContractHandler handler;
    StreamHandler streamHandler;
    RpcServer server;
    RpcClient client;
    ContractService service;

    @SuppressWarnings("NullAway.Init") // see startServerAndClient
    TransportFixture() {}

    /** The transport under test. */
    protected abstract TransportProvider transport();

    /** Where a server is to listen. */
    protected abstract String listenAddress();

    /** The limits under which the contract runs. */
    protected TransportConfig transportConfig() {
        return TransportConfig.defaults().withMaxMessageBytes(8 << 20);
    }

    @BeforeEach
    final void startServerAndClient() throws IOException {
        serverBuffers = newPool();
        clientBuffers = newPool();
        handler = new ContractHandler(environment, serverBuffers);
        streamHandler = new StreamHandler(handler.events());
        server = startServer(listenAddress(), ServerConfig.defaults());
        client = startClient(ClientConfig.defaults());
        service = client.stub(ContractServiceRpc.SERVICE, server.address());
    }

    @AfterEach
    final void closeAndCheckForLeaks() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        clientBuffers.close();
        serverBuffers.close();
    }

    static void assertMemoryRefused(Runnable call) {
        RpcException e = assertThrows(RpcException.class, call::run);
        assertEquals(StatusCode.REMOTE_MEMORY_REFUSED, e.code());
    }

    final String nextEvent() throws InterruptedException {
        String event = handler.events().poll(10, TimeUnit.SECONDS);
        return event == null ? "nothing happened for 10 s" : event;
    }

    final void echoes(ContractService through, String text) {
        assertEquals(text, through.echo(new EchoRequest(text, NO_BYTES)).text());
    }

    /** Waits, for ten seconds at most, until something that happens elsewhere has happened. */
    final void eventually(String what, BooleanSupplier happened) {
        long deadline = environment.clock().nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!happened.getAsBoolean()) {
            assertTrue(environment.clock().nanoTime() - deadline < 0, "not within ten seconds: " + what);
            environment.clock().parkUntil(this, environment.clock().nanoTime() + 1_000_000);
        }
    }

    /** Starts a server that the end of the test closes. */
    protected final RpcServer startServer(String address, ServerConfig config) throws IOException {
        return opened(serverBuilder(config).listen(address).start());
    }

    /** Makes a client that the end of the test closes. */
    protected final RpcClient startClient(ClientConfig config) {
        return opened(clientBuilder(config).build());
    }

    final RpcServer.Builder serverBuilder(ServerConfig config) {
        return RpcServer.builder()
                .config(config.withTransport(transportConfig()))
                .buffers(serverBuffers)
                .transport(transport())
                .bind(ContractServiceRpc.SERVICE, handler)
                .bind(StreamServiceRpc.SERVICE, streamHandler);
    }

    final RpcClient.Builder clientBuilder(ClientConfig config) {
        return RpcClient.builder()
                .config(config.withTransport(transportConfig()))
                .buffers(clientBuffers)
                .transport(transport());
    }

    /** Has the end of the test close {@code one}. */
    final <T extends AutoCloseable> T opened(T one) {
        opened.add(one);
        return one;
    }

    private static BufferPool newPool() {
        return new BufferPool(new BufferPoolConfig(64 << 20, 8 << 20), Environment.system());
    }
}
