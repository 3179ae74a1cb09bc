package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.TraceId;
import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.CallRecorder;
import dev.weft.rpc.spi.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a recorder is told of the calls of both sides. */
final class CallRecordingTest extends TransportFixture {
    private static final long NEVER = CallRecord.NOT_REACHED;

    private final InMemoryNetwork network = new InMemoryNetwork(Environment.system());
    private final AtomicInteger listeners = new AtomicInteger();
    private final Keeping ofClient = new Keeping();
    private final Keeping ofServer = new Keeping();

    /** A server and a client that record. */
    private RpcServer recording;

    private RpcClient calling;
    private ContractService recorded;

    @SuppressWarnings("NullAway.Init") // see startRecorded
    CallRecordingTest() {}

    @Override
    protected TransportProvider transport() {
        return network.node("node");
    }

    @Override
    protected String listenAddress() {
        return "mem://node/" + listeners.incrementAndGet();
    }

    private static final class Keeping implements CallRecorder {
        volatile boolean on = true;
        final Queue<CallRecord> calls = new ConcurrentLinkedQueue<>();

        @Override
        public boolean isOn() {
            return on;
        }

        @Override
        public void record(CallRecord call) {
            calls.add(call);
        }
    }

    @BeforeEach
    void startRecorded() throws IOException {
        recording = opened(serverBuilder(ServerConfig.defaults().withMaxCallsInFlight(2))
                .recorder(ofServer)
                .listen(listenAddress())
                .start());
        ClientConfig config = ClientConfig.defaults().withRetry(RetryPolicy.none());
        calling = opened(clientBuilder(config).recorder(ofClient).build());
        recorded = calling.stub(ContractServiceRpc.SERVICE, recording.address());
    }

    /** The next of the side; the server's come after the reply. */
    private CallRecord next(Keeping side) {
        eventually("a call is recorded", () -> !side.calls.isEmpty());
        return side.calls.remove();
    }

    private static void assertStagesInOrder(CallRecord call) {
        assertTrue(call.secondNanos - call.firstNanos >= 0, "second after first");
        assertTrue(call.thirdNanos - call.secondNanos >= 0 || !call.server, "third after second");
        assertTrue(call.lastNanos - call.thirdNanos >= 0, "last after third");
        for (long stage : List.of(call.secondNanos, call.thirdNanos, call.lastNanos)) {
            assertTrue(stage != NEVER, "all stages are reached");
        }
    }

    @Test
    void bothSidesKnowWhenACallReachedEachStage() {
        TraceId trace = new TraceId(7, 9);
        long before = environment.clock().nanoTime();
        Context.current().withTraceId(trace).run(() -> echoes(recorded, "x".repeat(1000)));
        long after = environment.clock().nanoTime();
        CallRecord client = next(ofClient);
        CallRecord server = next(ofServer);
        assertStagesInOrder(client);
        assertStagesInOrder(server);
        assertTrue(client.firstNanos - before >= 0 && after - client.lastNanos >= 0, "within the call");
        assertTrue(server.firstNanos - client.firstNanos >= 0, "the server hears of it later");
        assertTrue(client.thirdNanos - server.thirdNanos >= 0, "the answer comes after the handler's end");
        for (CallRecord call : List.of(client, server)) {
            assertEquals(CallRecord.OK, call.status);
            assertEquals("ContractService/echo", String.valueOf(call.method));
            assertEquals(7, call.traceHigh);
            assertEquals(9, call.traceLow);
            assertEquals(client.callId, call.callId);
            assertEquals(client.requestBytes, call.requestBytes);
            assertEquals(client.replyBytes, call.replyBytes);
        }
        assertTrue(client.requestBytes > 1000 && client.requestBytes < 1100, client.requestBytes + " bytes");
        assertTrue(client.replyBytes > 1000 && client.replyBytes < 1100, client.replyBytes + " bytes");
        assertEquals(recording.address(), client.peer);
        assertTrue(client.queueMicros >= 0 && client.handlerMicros >= 0, "as the server says");
    }

    @Test
    void nothingIsRecordedWhileItIsOff() {
        ofClient.on = false;
        ofServer.on = false;
        echoes(recorded, "unseen");
        ofClient.on = true;
        ofServer.on = true;
        recorded.context();
        assertEquals("ContractService/context", String.valueOf(next(ofClient).method));
        assertEquals("ContractService/context", String.valueOf(next(ofServer).method));
    }

    @Test
    void failuresHaveTheirStatus() {
        assertThrows(RefusedException.class, () -> recorded.refuse(new TextRequest("typed")));
        assertThrows(RpcException.class, () -> recorded.fail(new TextRequest("thrown")));
        for (Keeping side : List.of(ofClient, ofServer)) {
            CallRecord refused = next(side);
            assertStagesInOrder(refused);
            assertEquals(StatusCode.APPLICATION.wireValue(), refused.status);
            assertEquals(StatusCode.INTERNAL.wireValue(), next(side).status);
        }
    }

    @Test
    void callThatRanOutOfTimeIsRecordedOnBothSides() {
        echoes(recorded, "so that there is a connection");
        next(ofClient);
        next(ofServer);
        Context hurried = Context.current().withTimeout(Duration.ofMillis(50), environment.clock());
        assertThrows(RpcException.class, () -> hurried.run(() -> recorded.block(new TextRequest("long"))));
        CallRecord client = next(ofClient);
        assertEquals(StatusCode.DEADLINE_EXCEEDED.wireValue(), client.status);
        assertEquals(NEVER, client.thirdNanos);
        CallRecord server = next(ofServer);
        assertEquals(StatusCode.CANCELLED.wireValue(), server.status);
        assertEquals(NEVER, server.lastNanos);
        assertEquals(client.callId, server.callId);
    }

    @Test
    void refusedRequestIsRecordedByTheServerToo() {
        echoes(client.stub(ContractServiceRpc.SERVICE, recording.address()), "from elsewhere");
        assertEquals(CallRecord.OK, next(ofServer).status);
        handler.during(() -> {
            handler.during(() -> assertThrows(RpcException.class, () -> echoes(recorded, "one too many")));
            echoes(service(), "in the first");
        });
        echoes(service(), "first");
        CallRecord refused = next(ofServer);
        assertEquals(StatusCode.RESOURCE_EXHAUSTED.wireValue(), refused.status);
        assertEquals("ContractService/echo", String.valueOf(refused.method));
        assertEquals(NEVER, refused.secondNanos);
        CallRecord client = next(ofClient);
        assertEquals(StatusCode.RESOURCE_EXHAUSTED.wireValue(), client.status);
        assertEquals(client.callId, refused.callId);
    }

    /** Of the server that records, by a client that does not. */
    private ContractService service() {
        return client.stub(ContractServiceRpc.SERVICE, recording.address());
    }

    @Test
    void callWithoutAConnectionIsRecorded() {
        ContractService nobody = calling.stub(ContractServiceRpc.SERVICE, "mem://node/nobody");
        assertThrows(RpcException.class, nobody::context);
        CallRecord call = next(ofClient);
        assertEquals(StatusCode.UNAVAILABLE.wireValue(), call.status);
        assertEquals("mem://node/nobody", call.peer);
        assertEquals(0, call.callId);
        assertEquals(NEVER, call.secondNanos);
        assertTrue(call.lastNanos - call.firstNanos >= 0, "it took some time");
    }

    @Test
    void oneWayCallHasNoAnswer() throws InterruptedException {
        recorded.tell(new TextRequest("something"));
        assertEquals("told something", nextEvent());
        CallRecord client = next(ofClient);
        CallRecord server = next(ofServer);
        assertEquals(CallRecord.OK, client.status);
        assertEquals(NEVER, client.thirdNanos);
        assertEquals(CallRecord.OK, server.status);
        assertEquals(NEVER, server.lastNanos);
        assertTrue(server.thirdNanos != NEVER, "the handler has ended");
    }

    @Test
    void itemsOfStreamsAreCounted() throws RefusedException {
        StreamService streams = calling.stub(StreamServiceRpc.SERVICE, recording.address());
        AtomicInteger items = new AtomicInteger();
        streams.list(new StreamOrder(5, 100, "five", StreamOrder.Ending.RETURN), item -> items.incrementAndGet());
        assertEquals(5, items.get());
        for (Keeping side : List.of(ofClient, ofServer)) {
            CallRecord call = next(side);
            assertEquals(CallRecord.OK, call.status);
            CallRecord.Items moved = Objects.requireNonNull(call.items);
            assertEquals(5, moved.toCaller());
            assertTrue(moved.bytesToCaller() > 500, moved.toString());
            assertEquals(0, moved.fromCaller());
            assertTrue(call.lastNanos - call.firstNanos > 0, "it took some time");
        }
    }
}
