package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Address;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Context;
import dev.weft.rpc.Interceptor;
import dev.weft.rpc.Method;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskScope;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageHandler;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.rpc.spi.Transport;
import dev.weft.rpc.spi.TransportConnection;
import dev.weft.serde.SerdeWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connections and what stands around calls on them, as every transport has to do it. */
abstract class ConnectionContract extends StreamContract {
    @Test
    final void idempotentCallIsRepeatedElsewhereWhenItsConnectionBreaks() throws IOException {
        RpcServer dying = startServer(listenAddress(), ServerConfig.defaults());
        ContractService either = client.stub(ContractServiceRpc.SERVICE, dying.address(), server.address());
        AtomicBoolean repeated = new AtomicBoolean();
        handler.during(dying::close);
        handler.during(() -> repeated.set(true));
        echoes(either, "twice");
        assertTrue(repeated.get());
    }

    @Test
    final void otherCallsAreNotRepeatedWhenTheirConnectionBreaks() throws IOException {
        RpcServer dying = startServer(listenAddress(), ServerConfig.defaults());
        ContractService either = client.stub(ContractServiceRpc.SERVICE, dying.address(), server.address());
        AtomicBoolean repeated = new AtomicBoolean();
        handler.during(dying::close);
        handler.during(() -> repeated.set(true));
        RpcException e = assertThrows(RpcException.class, either::context);
        assertEquals(StatusCode.CONNECTION_LOST, e.code());
        assertFalse(repeated.get());
        assertEquals("", either.context().identity(), "the next call goes elsewhere");
    }

    @Test
    final void disconnectingEndsCallsInProgressAndTheNextConnectsAgain() throws IOException {
        handler.during(() -> {
            client.disconnect(List.of(server.address()), "somebody knows better");
            environment.clock().parkUntil(this, environment.clock().nanoTime() + 100_000_000L);
        });
        RpcException e = assertThrows(RpcException.class, service::context);
        assertEquals(StatusCode.CONNECTION_LOST, e.code());
        assertEquals("", service.context().identity());
    }

    @Test
    final void serverListensAtSeveralAddresses() throws IOException {
        RpcServer several = opened(serverBuilder(ServerConfig.defaults())
                .listen(listenAddress())
                .listen(listenAddress())
                .start());
        assertEquals(2, several.addresses().stream().distinct().count());
        for (Address address : several.addresses()) {
            echoes(client.stub(ContractServiceRpc.SERVICE, address.toString()), address.toString());
        }
        assertEquals(2, several.connections());
    }

    @Test
    final void callsAreSpreadOverSeveralConnections() throws IOException {
        RpcServer several = startServer(listenAddress(), ServerConfig.defaults());
        RpcClient wide = startClient(ClientConfig.defaults().withConnectionsPerPeer(3));
        ContractService spread = wide.stub(ContractServiceRpc.SERVICE, several.address());
        for (int i = 0; i < 9; i++) {
            echoes(spread, "call " + i);
        }
        assertEquals(3, several.connections());
        wide.close();
        eventually("all connections are closed", () -> several.connections() == 0);
    }

    @Test
    final void idleConnectionIsClosedAndMadeAgainWhenNeeded() throws IOException {
        RpcServer visited = startServer(listenAddress(), ServerConfig.defaults());
        ClientConfig config =
                ClientConfig.defaults().withTransport(transportConfig().withIdleTimeout(Duration.ofMillis(50)));
        RpcClient seldom =
                opened(clientBuilder(ClientConfig.defaults()).config(config).build());
        ContractService rare = seldom.stub(ContractServiceRpc.SERVICE, visited.address());
        for (int i = 0; i < 3; i++) {
            echoes(rare, "visit " + i);
            eventually("the idle connection is closed", () -> visited.connections() == 0);
        }
    }

    @Test
    final void connectionWithACallInProgressIsNotIdle() throws Exception {
        ClientConfig config =
                ClientConfig.defaults().withTransport(transportConfig().withIdleTimeout(Duration.ofMillis(20)));
        RpcClient slow =
                opened(clientBuilder(ClientConfig.defaults()).config(config).build());
        ContractService patient = slow.stub(ContractServiceRpc.SERVICE, server.address());
        handler.during(
                () -> environment.clock().parkUntil(this, environment.clock().nanoTime() + 100_000_000L));
        assertEquals("", patient.context().identity());
    }

    @Test
    final void callThatWasGivenUpLeavesItsPlaceToTheNext() throws Exception {
        service.context(); // so that the next one need not wait for a connection
        AtomicBoolean released = new AtomicBoolean();
        handler.during(() -> {
            while (!released.get()) {
                Thread.interrupted();
                environment.clock().parkUntil(this, environment.clock().nanoTime() + 1_000_000L);
            }
        });
        Context hurried = Context.current().withTimeout(Duration.ofMillis(300), environment.clock());
        RpcException e = assertThrows(RpcException.class, () -> hurried.call(service::context));
        assertEquals(StatusCode.DEADLINE_EXCEEDED, e.code());
        assertEquals("", service.context().identity(), "while the handler of the first call still runs");
        released.set(true);
        eventually("the first call's handler returns", () -> server.callsInFlight() == 0);
        assertEquals("", service.context().identity());
    }

    @Test
    final void bulkDoesNotStarveSmallCallsOnTheSameConnection() throws InterruptedException {
        MemorySegment bulk = Pattern.bytes(4 << 20, 3);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger bulkCalls = new AtomicInteger();
        try (TaskScope scope = TaskScope.open(environment)) {
            for (int i = 0; i < 4; i++) {
                scope.fork(() -> {
                    while (!done.get()) {
                        assertEquals(
                                bulk.byteSize(),
                                service.echo(new EchoRequest("", bulk)).bytes().byteSize());
                        bulkCalls.incrementAndGet();
                    }
                    return true;
                });
            }
            Subtask<Boolean> small = scope.fork(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        String text = "small " + i;
                        Context.current()
                                .withTimeout(Duration.ofSeconds(5), environment.clock())
                                .run(() -> echoes(service, text));
                    }
                    return true;
                } finally {
                    done.set(true);
                }
            });
            scope.join();
            assertTrue(small.get());
        }
        assertTrue(bulkCalls.get() >= 4, bulkCalls + " bulk calls");
        assertEquals(1, server.connections());
    }

    @Test
    final void interceptorsStandAroundTheCallInOrder() throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        RpcServer watched = opened(serverBuilder(ServerConfig.defaults())
                .intercept(new Noting("server 1", seen))
                .intercept(new Noting("server 2", seen))
                .listen(listenAddress())
                .start());
        RpcClient watching = opened(clientBuilder(ClientConfig.defaults())
                .intercept(new Noting("client 1", seen))
                .intercept(new Noting("client 2", seen))
                .build());
        echoes(watching.stub(ContractServiceRpc.SERVICE, watched.address()), "x");
        List<String> order = new ArrayList<>(List.of("client 1", "client 2", "server 1", "server 2"));
        assertEquals(order.stream().map(s -> s + " before echo").toList(), seen.subList(0, 4));
        assertEquals(order.reversed().stream().map(s -> s + " after echo").toList(), seen.subList(4, 8));
    }

    @Test
    final void interceptorOfTheServerMayRefuseAndChangeTheIdentity() throws IOException {
        RpcServer guarded = opened(serverBuilder(ServerConfig.defaults())
                .intercept(new Interceptor() {
                    @Override
                    public <Q, R> R intercept(Method<?, Q, R> method, Q request, Next next) throws Exception {
                        String name = Context.current().identity();
                        if (name.isEmpty()) {
                            throw new RpcException(StatusCode.UNAUTHENTICATED, "who are you?");
                        }
                        return Context.current().withIdentity("user " + name).call(() -> next.proceed(method, request));
                    }
                })
                .listen(listenAddress())
                .start());
        ContractService service = client.stub(ContractServiceRpc.SERVICE, guarded.address());
        RpcException e = assertThrows(RpcException.class, service::context);
        assertEquals(StatusCode.UNAUTHENTICATED, e.code());
        assertTrue(e.reason().contains("who are you?"), e.reason());
        Context alice = Context.current().withIdentity("alice");
        assertEquals("user alice", alice.call(service::context).identity());
    }

    @Test
    final void interceptorOfTheClientMayRefuseAndChangeTheIdentity() {
        RpcClient signing = opened(clientBuilder(ClientConfig.defaults())
                .intercept(new Interceptor() {
                    @Override
                    public <Q, R> R intercept(Method<?, Q, R> method, Q request, Next next) throws Exception {
                        if (method.name().equals("fail")) {
                            throw new RpcException(StatusCode.PERMISSION_DENIED, "not from here");
                        }
                        return Context.current().withIdentity("bob").call(() -> next.proceed(method, request));
                    }
                })
                .build());
        ContractService service = signing.stub(ContractServiceRpc.SERVICE, server.address());
        assertEquals("bob", service.context().identity());
        RpcException e = assertThrows(RpcException.class, () -> service.fail(new TextRequest("x")));
        assertEquals(StatusCode.PERMISSION_DENIED, e.code());
        assertThrows(RefusedException.class, () -> service.refuse(new TextRequest("typed errors pass through")));
    }

    /** Notes what comes past it. */
    private record Noting(String name, List<String> seen) implements Interceptor {
        @Override
        public <Q, R> R intercept(Method<?, Q, R> method, Q request, Next next) throws Exception {
            seen.add(name + " before " + method.name());
            R result = next.proceed(method, request);
            seen.add(name + " after " + method.name());
            return result;
        }
    }

    @Test
    final void compressedBodyThatIsBrokenCostsItsCallOnly() throws Exception {
        BlockingQueue<InboundMessage> replies = new LinkedBlockingQueue<>();
        Transport transport = transport().create(environment, clientBuffers.registry(), transportConfig());
        try {
            TransportConnection connection = transport.connect(
                    Address.parse(server.address()),
                    accepted -> new Collecting(replies),
                    environment.clock().nanoTime() + Duration.ofSeconds(5).toNanos());
            byte[] notZstd = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
            byte[] empty = {};
            int[] lengths = {10, 0, -1, Integer.MAX_VALUE, 10};
            byte[][] frames = {notZstd, notZstd, notZstd, notZstd, empty};
            for (int i = 0; i < lengths.length; i++) {
                connection.send(
                        compressed(connection.headroom(), i + 1, lengths[i], frames[i]),
                        false,
                        environment.clock().nanoTime() + Duration.ofSeconds(5).toNanos());
                InboundMessage reply = replies.poll(10, TimeUnit.SECONDS);
                assertTrue(reply != null, "no reply to body " + i);
                assertEquals(i + 1, reply.id());
                assertEquals(
                        StatusCode.INVALID_ARGUMENT.wireValue(),
                        reply.body().get(ValueLayout.JAVA_BYTE, 0),
                        "status of body " + i);
            }
            assertTrue(connection.isOpen());
        } finally {
            transport.close();
        }
        echoes(service, "still there");
    }

    /** A call of {@code echo} whose body says that it is compressed; see {@code docs/protocol/rpc.md}. */
    private static OutboundMessage compressed(int headroom, long id, int length, byte[] frame) {
        long echo = ContractServiceRpc.SERVICE.methods().stream()
                .filter(method -> method.name().equals("echo"))
                .findFirst()
                .orElseThrow()
                .id();
        SerdeWriter body = SerdeWriter.create(headroom + 64);
        body.claim(headroom);
        body.putLong(echo);
        body.putByte((byte) 16);
        body.putInt(length);
        body.putBytes(frame);
        return new OutboundMessage(MessageKind.REQUEST, id, body);
    }

    /** Keeps what arrives. */
    private record Collecting(BlockingQueue<InboundMessage> messages) implements MessageHandler {
        @Override
        public void onMessages(InboundMessage first) {
            for (InboundMessage message = first; message != null; message = message.next()) {
                messages.add(message);
            }
        }

        @Override
        public void onClosed(String reason) {}
    }
}
