package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Interceptor;
import dev.weft.rpc.Method;
import dev.weft.rpc.MethodMetrics;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.thrift.generated.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TSerializable;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.layered.TFramedTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server does around the methods of Thrift services. */
final class HostingTest {
    private final CallsHandler handler = new CallsHandler();

    @SuppressWarnings("NullAway.Init") // each test starts one as it needs it
    private RpcServer server;

    private void start(RpcServer.Builder builder, ThriftConfig config) throws Exception {
        server = ThriftServices.builder()
                .config(config)
                .service("Calls", Calls.Processor::new, handler)
                .build()
                .addTo(builder)
                .listen("tcp://127.0.0.1:0")
                .start();
    }

    private void start() throws Exception {
        start(RpcServer.builder(), ThriftConfig.defaults());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawThrift connect() throws Exception {
        return new RawThrift(server.addresses().getFirst());
    }

    private TFramedTransport open() throws Exception {
        TFramedTransport transport = new TFramedTransport(
                new TSocket("127.0.0.1", server.addresses().getFirst().port(), 60_000));
        transport.open();
        return transport;
    }

    private static byte[] call(String name, int sequence, TSerializable arguments) throws Exception {
        return RawThrift.frame(RawThrift.message(name, TMessageType.CALL, sequence, arguments));
    }

    private static byte[] slow(int sequence, long millis) throws Exception {
        return call("slow", sequence, new Calls.slow_args(millis));
    }

    private static byte[] add(int sequence, int a, int b) throws Exception {
        return call("add", sequence, new Calls.add_args(a, b));
    }

    private static int sum(RawThrift.Answer answer) throws Exception {
        Calls.add_result result = new Calls.add_result();
        result.read(answer.rest());
        return result.success;
    }

    private static void await(BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - begun < 60_000_000_000L) {
            Thread.onSpinWait();
        }
        assertTrue(condition.getAsBoolean());
    }

    private MethodMetrics metrics(String method) {
        return server.metrics().methods().stream()
                .filter(one -> one.method().name().equals(method))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void handlersRunOnVirtualThreadsUnderADeadline() throws Exception {
        start();
        try (TFramedTransport transport = open()) {
            new Calls.Client(new TCompactProtocol(transport)).nothing();
        }
        assertTrue(handler.threads.getFirst().isVirtual());
        assertTrue(handler.deadlines.getFirst());
    }

    @Test
    void requestsSentInARowAreAnsweredInTheirOrder() throws Exception {
        start();
        try (RawThrift peer = connect()) {
            peer.send(slow(1, 50));
            for (int i = 2; i < 300; i++) {
                peer.send(add(i, i, 1));
            }
            assertEquals(1, peer.answer().head().seqid);
            for (int i = 2; i < 300; i++) {
                RawThrift.Answer answer = peer.answer();
                assertEquals(i, answer.head().seqid);
                assertEquals(i + 1, sum(answer));
            }
        }
    }

    @Test
    void callsOfSeveralConnectionsRunAtTheSameTime() throws Exception {
        start();
        try (RawThrift slow = connect();
                RawThrift quick = connect()) {
            slow.send(slow(1, 120_000));
            handler.slowBegun.await();
            quick.send(add(2, 1, 1));
            assertEquals(2, sum(quick.answer()));
        }
    }

    @Test
    void interceptorsAndMetricsSeeTheMethodsOfTheService() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        start(
                RpcServer.builder().intercept(new Interceptor() {
                    @Override
                    public <Q, R> R intercept(Method<?, Q, R> method, Q request, Next next) throws Exception {
                        seen.add(method + " " + ((ThriftMessage) request).name());
                        if (method.name().equals("version")) {
                            throw new RpcException(StatusCode.PERMISSION_DENIED, "not you");
                        }
                        return next.proceed(method, request);
                    }
                }),
                ThriftConfig.defaults());
        try (TFramedTransport transport = open()) {
            Calls.Client client = new Calls.Client(new TCompactProtocol(transport));
            assertEquals(3, client.add(1, 2));
            assertThrows(Exception.class, () -> client.check(false));
            TApplicationException refused = assertThrows(TApplicationException.class, client::version);
            assertEquals("PERMISSION_DENIED: not you", refused.getMessage());
        }
        assertEquals(List.of("Calls/add add", "Calls/check check", "Calls/version version"), seen);
        assertEquals("thrift.Calls", metrics("add").method().service());
        assertEquals(1, metrics("add").calls());
        await(() -> metrics("add").bytesIn() > 0);
        assertEquals(Map.of(StatusCode.APPLICATION, 1L), metrics("check").failures());
        assertEquals(
                Map.of(StatusCode.PERMISSION_DENIED, 1L), metrics("version").failures());
    }

    @Test
    void beyondTheLimitOfCallsARequestIsRefusedAtOnce() throws Exception {
        start(RpcServer.builder().config(ServerConfig.defaults().withMaxCallsInFlight(1)), ThriftConfig.defaults());
        try (RawThrift slow = connect();
                RawThrift other = connect()) {
            slow.send(slow(1, 120_000));
            handler.slowBegun.await();
            other.send(add(2, 1, 1));
            RawThrift.Answer answer = other.answer();
            assertEquals(TMessageType.EXCEPTION, answer.head().type);
            assertEquals("add", answer.head().name);
            assertEquals(2, answer.head().seqid);
            TApplicationException refusal = answer.exception();
            assertEquals(TApplicationException.INTERNAL_ERROR, refusal.getType());
            assertEquals("RESOURCE_EXHAUSTED: the server's limit of 1 calls in flight", refusal.getMessage());
        }
    }

    @Test
    void aCallThatTakesTooLongIsInterruptedAndAnswered() throws Exception {
        start(RpcServer.builder(), ThriftConfig.defaults().withCallTimeout(Duration.ofMillis(100)));
        try (RawThrift peer = connect()) {
            peer.send(slow(1, 600_000));
            peer.send(add(2, 1, 1));
            RawThrift.Answer answer = peer.answer();
            assertEquals(1, answer.head().seqid);
            assertEquals(
                    "DEADLINE_EXCEEDED: the call took longer than 100 ms",
                    answer.exception().getMessage());
            assertEquals(2, sum(peer.answer()));
        }
        await(() -> handler.interrupted.get() == 1);
    }

    @Test
    void aCallWhoseCallerHasGoneIsInterrupted() throws Exception {
        start();
        try (RawThrift peer = connect()) {
            peer.send(slow(1, 600_000));
            handler.slowBegun.await();
        }
        await(() -> handler.interrupted.get() == 1);
        await(() -> server.connections() == 0);
    }

    @Test
    void oneWayCallsAreDoneAlthoughTheirCallerHasGone() throws Exception {
        start();
        try (RawThrift peer = connect()) {
            for (int i = 0; i < 20; i++) {
                peer.send(RawThrift.frame(
                        RawThrift.message("note", TMessageType.ONEWAY, i, new Calls.note_args("note " + i))));
            }
        }
        await(() -> handler.notes.size() == 20);
        await(() -> server.connections() == 0);
        assertEquals("note 19", handler.notes.getLast());
    }

    @Test
    void aRequestThatWantsNoAnswerGetsNone() throws Exception {
        start();
        try (RawThrift peer = connect()) {
            peer.send(RawThrift.frame(RawThrift.message("add", TMessageType.ONEWAY, 1, new Calls.add_args(1, 1))));
            peer.send(RawThrift.frame(RawThrift.message("nobody", TMessageType.ONEWAY, 2, new Calls.add_args(1, 1))));
            peer.send(add(3, 1, 1));
            assertEquals(3, peer.answer().head().seqid);
        }
    }

    @Test
    void aServerThatShutsDownEndsWhatItHasAndThenTheConnection() throws Exception {
        start();
        try (RawThrift busy = connect();
                RawThrift idle = connect()) {
            idle.send(add(1, 1, 1));
            assertEquals(2, sum(idle.answer()));
            busy.send(slow(1, 300));
            handler.slowBegun.await();
            server.shutdown(Duration.ofSeconds(60));
            assertEquals(1, busy.answer().head().seqid);
            assertTrue(busy.isEnded());
            assertTrue(idle.isEnded());
        }
        assertEquals(0, handler.interrupted.get());
    }

    @Test
    void connectionsBeyondTheLimitAreRefused() throws Exception {
        start(
                RpcServer.builder()
                        .config(ServerConfig.defaults()
                                .withTransport(TransportConfig.defaults().withMaxConnections(1))),
                ThriftConfig.defaults());
        try (RawThrift first = connect()) {
            first.send(add(1, 1, 1));
            assertEquals(2, sum(first.answer()));
            try (RawThrift second = connect()) {
                assertTrue(second.isEnded());
            }
            first.send(add(2, 2, 2));
            assertEquals(4, sum(first.answer()));
        }
    }

    @Test
    void resultsAreNeverCompressedForThem() throws Exception {
        start(RpcServer.builder().config(ServerConfig.defaults().withCompressionBytes(1)), ThriftConfig.defaults());
        try (TFramedTransport transport = open()) {
            assertEquals("1.0", new Calls.Client(new TCompactProtocol(transport)).version());
        }
    }

    @Test
    void onePortServesWeftAndThriftClientsAtTheSameTime() throws Exception {
        start();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (RpcClient rpc = RpcClient.create()) {
            ThriftClient<Calls.Client> weft = ThriftClient.of("Calls", Calls.Client::new, rpc.peer(server.address()));
            for (int i = 0; i < 8; i++) {
                int one = i;
                threads.add(Thread.ofVirtual().start(() -> {
                    try (TFramedTransport transport = open()) {
                        Calls.Client thrift = new Calls.Client(new TCompactProtocol(transport));
                        for (int j = 0; j < 200; j++) {
                            assertEquals(one + j, thrift.add(one, j));
                            assertEquals(one - j, weft.get().add(one, -j));
                        }
                    } catch (Exception | AssertionError e) {
                        failures.add(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertEquals(List.of(), failures);
    }

    @Test
    void aPeerThatDoesNotReadDoesNotHoldUpOthers() throws Exception {
        start();
        byte[] blob = call("blob", 1, new Calls.blob_args(Samples.bytes("x".repeat(1 << 20))));
        try (RawThrift deaf = connect();
                RawThrift other = connect()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        deaf.send(blob);
                    }
                } catch (Exception expected) {
                    // The socket is closed by the end of the test.
                }
            });
            for (int i = 0; i < 100; i++) {
                other.send(add(i, i, i));
                assertEquals(2 * i, sum(other.answer()));
            }
            assertFalse(deaf.answer().head().name.isEmpty());
            deaf.hangUp();
            sender.join();
        }
    }
}
