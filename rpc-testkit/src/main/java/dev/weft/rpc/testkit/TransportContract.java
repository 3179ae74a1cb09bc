package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Context;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskScope;
import dev.weft.rpc.TraceId;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every transport has to do. A transport's test extends this class. */
public abstract class TransportContract extends ConnectionContract {
    /** For the transport's test. */
    protected TransportContract() {}

    @Test
    final void returnsWhatTheHandlerReturns() {
        EchoReply reply = service.echo(new EchoRequest("hello, wörld", Pattern.bytes(100, 1)));
        assertEquals("hello, wörld", reply.text());
        assertEquals(-1, reply.bytes().mismatch(Pattern.bytes(100, 1)));
    }

    @Test
    final void carriesBodiesOfEverySize() {
        int max = 5 << 20;
        for (int size = 0; size <= max; size = size < 64 ? size + 7 : size * 3 + 1) {
            EchoReply reply = service.echo(new EchoRequest("", Pattern.bytes(size, size)));
            assertEquals(-1, reply.bytes().mismatch(Pattern.bytes(size, size)), "of " + size + " bytes");
        }
    }

    @Test
    final void carriesManyCallsAtOnce() throws InterruptedException {
        try (TaskScope scope = TaskScope.open(environment)) {
            List<Subtask<EchoReply>> replies = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                String text = "call " + i;
                int size = i % 50 == 0 ? 300_000 : i;
                replies.add(scope.fork(() -> service.echo(new EchoRequest(text, Pattern.bytes(size, size)))));
            }
            scope.join();
            for (int i = 0; i < 500; i++) {
                EchoReply reply = replies.get(i).get();
                assertEquals("call " + i, reply.text());
                int size = i % 50 == 0 ? 300_000 : i;
                assertEquals(-1, reply.bytes().mismatch(Pattern.bytes(size, size)));
            }
        }
    }

    @Test
    final void refusesAMessageThatIsTooLong() {
        int tooLong = transportConfig().maxMessageBytes() + 1;
        RpcException e =
                assertThrows(RpcException.class, () -> service.echo(new EchoRequest("", Pattern.bytes(tooLong, 1))));
        assertEquals(StatusCode.INVALID_ARGUMENT, e.code());
        assertTrue(e.reason().contains(String.valueOf(transportConfig().maxMessageBytes())), e.getMessage());
        assertEquals(
                "still there",
                service.echo(new EchoRequest("still there", NO_BYTES)).text());
    }

    @Test
    final void bringsApplicationErrorsAsThemselves() {
        RefusedException e =
                assertThrows(RefusedException.class, () -> service.refuse(new TextRequest("no, thank you")));
        assertEquals("no, thank you", e.detail().text());
    }

    @Test
    final void handlerThatThrowsCostsItsCallOnly() {
        RpcException e = assertThrows(RpcException.class, () -> service.fail(new TextRequest("oh")));
        assertEquals(StatusCode.INTERNAL, e.code());
        assertTrue(e.reason().contains("oh"), e.getMessage());
        assertEquals("next", service.echo(new EchoRequest("next", NO_BYTES)).text());
        assertEquals(1, server.connections());
    }

    @Test
    final void deadlineTravelsAndIsKeptOnBothSides() throws InterruptedException {
        service.echo(new EchoRequest("connected", NO_BYTES));
        Context limited = Context.current().withTimeout(Duration.ofMillis(150), environment.clock());
        RpcException e =
                assertThrows(RpcException.class, () -> limited.run(() -> service.block(new TextRequest("long"))));
        assertEquals(StatusCode.DEADLINE_EXCEEDED, e.code());
        assertEquals("blocked long", nextEvent());
        assertEquals("cancelled long", nextEvent());
    }

    @Test
    final void contextTravels() {
        TraceId trace = new TraceId(7, 9);
        ContextReply seen = Context.current()
                .withTimeout(Duration.ofSeconds(5), environment.clock())
                .withIdentity("alice")
                .withTraceId(trace)
                .call(() -> service.context());
        assertEquals("alice", seen.identity());
        assertEquals(trace.toString(), seen.traceId());
        assertTrue(seen.remainingNanos() > 0 && seen.remainingNanos() <= 5_000_000_000L, seen.toString());
    }

    @Test
    final void interruptedCallerGivesUpAndTheHandlerHearsOfIt() throws InterruptedException {
        Subtask<Boolean> call;
        try (TaskScope scope = TaskScope.open(environment, TaskScope.Policy.AWAIT_ALL)) {
            call = scope.fork(() -> {
                service.block(new TextRequest("x"));
                return true;
            });
            assertEquals("blocked x", nextEvent());
            scope.cancel();
            assertEquals("cancelled x", nextEvent());
        }
        assertTrue(call.failure() instanceof RpcException e && e.code() == StatusCode.CANCELLED, "cancelled");
    }

    @Test
    final void callerThatGoesAwayInterruptsItsHandlersOnly() throws InterruptedException {
        RpcClient other = startClient(ClientConfig.defaults());
        ContractService otherService = other.stub(ContractServiceRpc.SERVICE, server.address());
        Thread calls = environment.threads().newThread(() -> {
            RpcException e = assertThrows(RpcException.class, () -> otherService.block(new TextRequest("gone")));
            assertEquals(StatusCode.CONNECTION_LOST, e.code());
        });
        calls.start();
        assertEquals("blocked gone", nextEvent());
        other.close();
        assertEquals("cancelled gone", nextEvent());
        assertTrue(calls.join(Duration.ofSeconds(10)));
        assertEquals(
                "others go on",
                service.echo(new EchoRequest("others go on", NO_BYTES)).text());
    }

    @Test
    final void oneWayCallsArrive() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            service.tell(new TextRequest(String.valueOf(i)));
        }
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            told.add(nextEvent());
        }
        told.sort(null);
        assertEquals(
                List.of(
                        "told 0", "told 1", "told 2", "told 3", "told 4", "told 5", "told 6", "told 7", "told 8",
                        "told 9"),
                told);
    }

    @Test
    final void refusesCallsBeyondTheLimitAtOnce() throws IOException, InterruptedException {
        RpcServer small = startServer(listenAddress(), ServerConfig.defaults().withMaxCallsInFlight(2));
        RpcClient impatient = startClient(ClientConfig.defaults().withRetry(RetryPolicy.none()));
        ContractService limited = impatient.stub(ContractServiceRpc.SERVICE, small.address());
        try (TaskScope scope = TaskScope.open(environment, TaskScope.Policy.AWAIT_ALL)) {
            for (int i = 0; i < 2; i++) {
                scope.fork(() -> {
                    limited.block(new TextRequest("holds"));
                    return true;
                });
                assertEquals("blocked holds", nextEvent());
            }
            RpcException e =
                    assertThrows(RpcException.class, () -> limited.echo(new EchoRequest("one more", NO_BYTES)));
            assertEquals(StatusCode.RESOURCE_EXHAUSTED, e.code());
            scope.cancel();
        }
    }

    @Test
    final void shutdownLetsCallsInProgressEndAndRefusesNewOnes() throws InterruptedException {
        service.echo(new EchoRequest("connected", NO_BYTES));
        Thread blocked = environment.threads().newThread(() -> {
            RpcException e = assertThrows(RpcException.class, () -> service.block(new TextRequest("slow")));
            assertEquals(StatusCode.CONNECTION_LOST, e.code());
        });
        blocked.start();
        assertEquals("blocked slow", nextEvent());
        server.shutdown(Duration.ofMillis(200));
        assertEquals("cancelled slow", nextEvent());
        assertTrue(blocked.join(Duration.ofSeconds(10)));
        RpcClient impatient = startClient(ClientConfig.defaults().withRetry(RetryPolicy.none()));
        ContractService gone = impatient.stub(ContractServiceRpc.SERVICE, server.address());
        RpcException e = assertThrows(RpcException.class, () -> gone.echo(new EchoRequest("late", NO_BYTES)));
        assertEquals(StatusCode.UNAVAILABLE, e.code());
    }

    @Test
    final void reconnectsAfterPeerRestart() throws IOException {
        String address = server.address();
        service.echo(new EchoRequest("before", NO_BYTES));
        server.close();
        server = startServer(address, ServerConfig.defaults());
        assertEquals("after", service.echo(new EchoRequest("after", NO_BYTES)).text());
    }

    @Test
    final void failsOverToAnotherAddressOfThePeer() throws IOException {
        RpcServer dead = startServer(listenAddress(), ServerConfig.defaults());
        String deadAddress = dead.address();
        dead.close();
        ContractService either = client.stub(ContractServiceRpc.SERVICE, deadAddress, server.address());
        assertEquals(
                "over there",
                either.echo(new EchoRequest("over there", NO_BYTES)).text());
    }

    @Test
    final void compressesLongBodiesWhenAskedTo() throws IOException {
        RpcServer packing = startServer(listenAddress(), ServerConfig.defaults().withCompressionBytes(1000));
        RpcClient packs = startClient(ClientConfig.defaults().withCompressionBytes(1000));
        ContractService packed = packs.stub(ContractServiceRpc.SERVICE, packing.address());
        MemorySegment zeros = MemorySegment.ofArray(new byte[1 << 20]);
        assertEquals(-1, packed.echo(new EchoRequest("", zeros)).bytes().mismatch(zeros));
        long sent = packs.metrics().methods().getFirst().bytesOut();
        assertTrue(sent < 10_000, sent + " bytes sent");
        assertEquals("short", packed.echo(new EchoRequest("short", NO_BYTES)).text());
    }

    @Test
    final void countsCallsAndFailuresByMethod() {
        service.echo(new EchoRequest("", NO_BYTES));
        assertThrows(RpcException.class, () -> service.fail(new TextRequest("")));
        var methods = client.metrics().methods();
        assertEquals(
                List.of("echo", "fail"),
                methods.stream().map(m -> m.method().name()).toList());
        assertEquals(1, methods.get(0).calls());
        assertEquals(0, methods.get(0).inFlight());
        assertEquals(1, methods.get(0).takeTotalNanos().getTotalCount());
        assertEquals(1, methods.get(1).failures().get(StatusCode.INTERNAL));
    }
}
