package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Context;
import dev.weft.rpc.Interceptor;
import dev.weft.rpc.Method;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.StreamConfig;
import dev.weft.rpc.StreamReader;
import dev.weft.rpc.StreamWriter;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskScope;
import dev.weft.rpc.testkit.StreamOrder.Ending;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Streams, as every transport has to carry them. */
abstract class StreamContract extends MemoryContract {
    /** Short ones, long ones, and some between; short ones overtake long ones on the way. */
    private static final int[] SIZES = {10, 300_000, 0, 70_000, 20_000, 1, 2_000_000, 65_536, 3, 16_384, 16_383};

    private StreamService streams() {
        return client.stub(StreamServiceRpc.SERVICE, server.address());
    }

    private static List<StreamItem> items(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new StreamItem(i, Pattern.bytes(SIZES[i % SIZES.length], i)))
                .toList();
    }

    private static void assertItem(int number, StreamItem item) {
        assertEquals(number, item.number());
        assertEquals(-1, item.bytes().mismatch(Pattern.bytes((int) item.bytes().byteSize(), number)), "item " + number);
    }

    @Test
    final void serverStreamComesInOrderAndEnds() throws Exception {
        for (int bytes : SIZES) {
            int count = bytes > 100_000 ? 5 : 700;
            List<Integer> numbers = new ArrayList<>();
            streams().list(StreamOrder.of(count, bytes), item -> {
                assertItem(numbers.size(), item);
                assertEquals(bytes, item.bytes().byteSize());
                numbers.add(item.number());
            });
            assertEquals(count, numbers.size(), "of " + bytes + " bytes");
        }
    }

    @Test
    final void clientStreamIsReadToItsEnd() {
        List<StreamItem> items = items(100);
        StreamTotal total = streams().count(StreamReader.of(items));
        assertEquals(100, total.items());
        assertEquals(items.stream().mapToLong(item -> item.bytes().byteSize()).sum(), total.bytes());
        assertEquals(new StreamTotal(0, 0), streams().count(StreamReader.empty()));
    }

    @Test
    final void itemsOfAllSizesGoBothWaysInOrder() {
        List<StreamItem> back = new ArrayList<>();
        StreamTotal total = streams().echo(StreamReader.of(items(200)), back::add);
        assertEquals(200, total.items());
        for (int i = 0; i < 200; i++) {
            assertItem(i, back.get(i));
        }
    }

    @Test
    final void eachAnswerCanLeadToTheNextQuestion() throws Exception {
        SynchronousQueue<StreamItem> questions = new SynchronousQueue<>();
        StreamReader<StreamItem> asked = new StreamReader<>() {
            private int left = 50;

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public StreamItem next() {
                left--;
                try {
                    return questions.take();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        try (StreamReader<StreamItem> answers =
                StreamReader.ofCall(out -> streams().echo(asked, out))) {
            for (int i = 0; i < 50; i++) {
                questions.put(new StreamItem(i, NO_BYTES));
                assertEquals(i, answers.next().number());
            }
            assertFalse(answers.hasNext());
        }
    }

    @Test
    final void manyStreamsAtOnce() throws Exception {
        try (TaskScope scope = TaskScope.open(environment)) {
            List<Subtask<StreamTotal>> totals = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                int count = 20 + i;
                totals.add(scope.fork(() -> streams().echo(StreamReader.of(items(count)), item -> {})));
            }
            scope.join();
            for (int i = 0; i < 30; i++) {
                assertEquals(20 + i, totals.get(i).get().items());
            }
        }
        assertEquals(1, server.connections());
    }

    @Test
    final void errorInTheMiddleComesAfterTheItemsBeforeIt() {
        List<StreamItem> got = new ArrayList<>();
        RefusedException refused = assertThrows(
                RefusedException.class, () -> streams().list(StreamOrder.of(300, Ending.REFUSE), got::add));
        assertEquals("no more", refused.detail().text());
        assertEquals(300, got.size());
        got.clear();
        RpcException failed =
                assertThrows(RpcException.class, () -> streams().list(StreamOrder.of(7, Ending.FAIL), got::add));
        assertEquals(StatusCode.INTERNAL, failed.code());
        assertEquals(7, got.size());
        try (var reader =
                StreamReader.<StreamItem>ofCall(out -> streams().list(StreamOrder.of(2, Ending.REFUSE), out))) {
            assertEquals(0, reader.next().number());
            assertEquals(1, reader.next().number());
            RpcException e = assertThrows(RpcException.class, reader::hasNext);
            assertTrue(e.getCause() instanceof RefusedException, String.valueOf(e.getCause()));
        }
    }

    @Test
    final void deadlineEndsAStreamOnBothSides() throws Exception {
        streams().count(StreamReader.empty());
        Context limited = Context.current().withTimeout(Duration.ofSeconds(2), environment.clock());
        RpcException e = assertThrows(
                RpcException.class,
                () -> limited.run(() -> {
                    try {
                        streams().list(StreamOrder.of(3, Ending.WAIT), item -> {});
                    } catch (RefusedException unexpected) {
                        throw new AssertionError(unexpected);
                    }
                }));
        assertEquals(StatusCode.DEADLINE_EXCEEDED, e.code());
        assertEquals("waits order", nextEvent());
        assertEquals("cancelled order", nextEvent());
    }

    @Test
    final void callersWriterThatThrowsCancelsTheCall() throws Exception {
        IllegalStateException enough = new IllegalStateException("enough");
        StreamOrder endless = new StreamOrder(Integer.MAX_VALUE, 10, "endless", Ending.RETURN);
        assertSame(
                enough,
                assertThrows(
                        IllegalStateException.class,
                        () -> streams().list(endless, item -> {
                            if (item.number() == 1000) {
                                throw enough;
                            }
                        })));
        assertEquals("cancelled endless", nextEvent());
        echoes(service, "the connection goes on");
    }

    @Test
    final void callersReaderThatThrowsCancelsTheCall() throws Exception {
        StreamReader<StreamItem> broken = StreamReader.of(() -> items(5).stream()
                .map(item -> {
                    if (item.number() == 3) {
                        throw new IllegalStateException("cannot read on");
                    }
                    return item;
                })
                .iterator());
        RpcException e = assertThrows(RpcException.class, () -> streams().count(broken));
        assertEquals(StatusCode.CANCELLED, e.code());
        assertTrue(e.reason().contains("cannot read on"), e.reason());
        assertEquals("cancelled count", nextEvent());
    }

    @Test
    final void readerThatIsClosedCancelsTheCall() throws Exception {
        StreamOrder endless = new StreamOrder(Integer.MAX_VALUE, 10, "endless", Ending.RETURN);
        try (var reader = StreamReader.<StreamItem>ofCall(out -> streams().list(endless, out))) {
            assertEquals(0, reader.next().number());
        }
        assertEquals("cancelled endless", nextEvent());
    }

    @Test
    final void interruptedCallerCancelsTheCall() throws Exception {
        Thread caller = environment.threads().newThread(() -> {
            RpcException e =
                    assertThrows(RpcException.class, () -> streams().list(StreamOrder.of(3, Ending.WAIT), item -> {}));
            assertEquals(StatusCode.CANCELLED, e.code());
            assertTrue(Thread.currentThread().isInterrupted());
        });
        caller.start();
        assertEquals("waits order", nextEvent());
        caller.interrupt();
        assertEquals("cancelled order", nextEvent());
        assertTrue(caller.join(Duration.ofSeconds(30)));
    }

    @Test
    final void callerThatGoesAwayInterruptsItsHandler() throws Exception {
        RpcClient other = startClient(ClientConfig.defaults());
        StreamService gone = other.stub(StreamServiceRpc.SERVICE, server.address());
        Thread caller = environment.threads().newThread(() -> {
            RpcException e =
                    assertThrows(RpcException.class, () -> gone.list(StreamOrder.of(3, Ending.WAIT), item -> {}));
            assertEquals(StatusCode.CONNECTION_LOST, e.code());
        });
        caller.start();
        assertEquals("waits order", nextEvent());
        other.close();
        assertEquals("cancelled order", nextEvent());
        assertTrue(caller.join(Duration.ofSeconds(30)));
    }

    @Test
    final void replyThatComesEarlyEndsTheSending() {
        StreamReader<StreamItem> endless = StreamReader.of(() -> IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new StreamItem(i, NO_BYTES))
                .iterator());
        StreamTotal total = streams().countSome(StreamOrder.of(10, Ending.RETURN), endless);
        assertEquals(10, total.items());
    }

    @Test
    final void slowReaderHoldsUpItsWriterAndNobodyElse() throws Exception {
        StreamConfig config = StreamConfig.defaults();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        int count = config.maxItems() * 3;
        try (TaskScope scope = TaskScope.open(environment)) {
            Subtask<Integer> slow = scope.fork(() -> {
                int[] seen = {0};
                streams().list(new StreamOrder(count, 50_000, "", Ending.RETURN), item -> {
                    reading.countDown();
                    awaitLatch(goOn);
                    assertItem(seen[0]++, item);
                });
                return seen[0];
            });
            assertTrue(reading.await(30, TimeUnit.SECONDS));
            int mayBeWritten = config.maxBytes() / 50_000 + 2;
            for (int i = 0; i < 50; i++) {
                echoes(service, "beside " + i);
                assertEquals(
                        20,
                        streams().echo(StreamReader.of(items(20)), item -> {}).items());
            }
            eventually("the writer is held up", () -> streamHandler.written.get() >= config.maxBytes() / 50_000);
            assertTrue(streamHandler.written.get() <= mayBeWritten, streamHandler.written + " written");
            goOn.countDown();
            scope.join();
            assertEquals(count, slow.get());
        }
        assertEquals(1, server.connections());
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    final void smallestLimitsStillLetEverythingThrough() throws IOException {
        StreamConfig least = new StreamConfig(1, 1, 1, Duration.ofMinutes(5));
        RpcServer narrow = startServer(listenAddress(), ServerConfig.defaults().withStreams(least));
        RpcClient client = startClient(ClientConfig.defaults().withStreams(least));
        List<StreamItem> back = new ArrayList<>();
        client.stub(StreamServiceRpc.SERVICE, narrow.address()).echo(StreamReader.of(items(30)), back::add);
        for (int i = 0; i < 30; i++) {
            assertItem(i, back.get(i));
        }
    }

    @Test
    final void refusesStreamsBeyondTheLimit() throws Exception {
        StreamConfig one = StreamConfig.defaults().withMaxStreams(1);
        RpcServer few = startServer(listenAddress(), ServerConfig.defaults().withStreams(one));
        for (ClientConfig config :
                List.of(ClientConfig.defaults(), ClientConfig.defaults().withStreams(one))) {
            RpcClient impatient = startClient(config.withRetry(RetryPolicy.none()));
            StreamService limited = impatient.stub(StreamServiceRpc.SERVICE, few.address());
            try (var first =
                    StreamReader.<StreamItem>ofCall(out -> limited.list(StreamOrder.of(1, Ending.WAIT), out))) {
                assertEquals(0, first.next().number());
                assertEquals("waits order", nextEvent());
                RpcException e = assertThrows(RpcException.class, () -> limited.count(StreamReader.of(items(1))));
                assertEquals(StatusCode.RESOURCE_EXHAUSTED, e.code());
                assertTrue(e.reason().contains("limit of 1 streams"), e.reason());
            }
            assertEquals("cancelled order", nextEvent());
            eventually("the place is free", () -> few.callsInFlight() == 0);
            assertEquals(1, limited.count(StreamReader.of(items(1))).items());
        }
    }

    @Test
    final void callThatIsRefusedBeforeItBeganIsRepeatedWithTheSameItems() throws Exception {
        RpcServer few = startServer(
                listenAddress(),
                ServerConfig.defaults().withStreams(StreamConfig.defaults().withMaxStreams(1)));
        RpcClient patient = startClient(
                ClientConfig.defaults().withRetry(new RetryPolicy(100, Duration.ofMillis(5), Duration.ofMillis(20))));
        StreamService limited = patient.stub(StreamServiceRpc.SERVICE, few.address());
        try (TaskScope scope = TaskScope.open(environment)) {
            Subtask<StreamTotal> repeated;
            try (var first =
                    StreamReader.<StreamItem>ofCall(out -> limited.list(StreamOrder.of(1, Ending.WAIT), out))) {
                assertEquals(0, first.next().number());
                assertEquals("waits order", nextEvent());
                repeated = scope.fork(() -> limited.count(StreamReader.of(items(40))));
            }
            scope.join();
            assertEquals(40, repeated.get().items());
        }
    }

    @Test
    final void longItemsAreCompressedWhenAskedTo() throws IOException {
        RpcServer packing = startServer(listenAddress(), ServerConfig.defaults().withCompressionBytes(1000));
        RpcClient packs = startClient(ClientConfig.defaults().withCompressionBytes(1000));
        StreamService packed = packs.stub(StreamServiceRpc.SERVICE, packing.address());
        StreamItem zeros = new StreamItem(1, MemorySegment.ofArray(new byte[1 << 20]));
        List<StreamItem> back = new ArrayList<>();
        packed.echo(StreamReader.of(List.of(zeros, new StreamItem(2, NO_BYTES))), back::add);
        assertEquals(-1, back.getFirst().bytes().mismatch(zeros.bytes()));
        assertEquals(2, back.getLast().number());
        long sent = packs.metrics().methods().getFirst().bytesOut();
        assertTrue(sent < 10_000, sent + " bytes sent");
    }

    @Test
    final void itemThatIsTooLongIsRefusedAndTheStreamGoesOn() {
        MemorySegment tooLong = MemorySegment.ofArray(new byte[transportConfig().maxMessageBytes() + 1]);
        RpcException e = assertThrows(
                RpcException.class, () -> streams().count(StreamReader.of(List.of(new StreamItem(0, tooLong)))));
        assertEquals(StatusCode.INVALID_ARGUMENT, e.code());
        assertEquals(3, streams().count(StreamReader.of(items(3))).items());
    }

    @Test
    final void streamsCountAndAreInterceptedAsCalls() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Interceptor noting = new Interceptor() {
            @Override
            public <Q, R> R intercept(Method<?, Q, R> method, Q request, Next next) throws Exception {
                seen.add("before " + method.name());
                R result = next.proceed(method, request);
                seen.add("after " + method.name());
                return result;
            }
        };
        RpcServer watched = opened(serverBuilder(ServerConfig.defaults())
                .intercept(noting)
                .listen(listenAddress())
                .start());
        RpcClient watching =
                opened(clientBuilder(ClientConfig.defaults()).intercept(noting).build());
        StreamService stub = watching.stub(StreamServiceRpc.SERVICE, watched.address());
        stub.list(StreamOrder.of(10, 1000), item -> seen.add("item"));
        assertEquals(List.of("before list", "before list"), seen.subList(0, 2));
        assertEquals(10, seen.stream().filter("item"::equals).count());
        assertEquals("after list", seen.getLast());
        var metrics = watching.metrics().methods().getFirst();
        assertEquals(1, metrics.calls());
        assertEquals(0, metrics.inFlight());
        assertTrue(metrics.bytesIn() > 10_000, metrics.bytesIn() + " bytes");
        assertThrows(RefusedException.class, () -> stub.list(StreamOrder.of(1, Ending.REFUSE), item -> {}));
        assertEquals(1, metrics.failures().get(StatusCode.APPLICATION));
    }

    @Test
    final void writerIsOfNoUseAfterItsCall() throws Exception {
        List<StreamWriter<StreamItem>> kept = new ArrayList<>();
        StreamService keeping = new StreamService() {
            @Override
            public void list(StreamOrder order, StreamWriter<StreamItem> out) {
                kept.add(out);
            }

            @Override
            public StreamTotal count(StreamReader<StreamItem> in) {
                return new StreamTotal(0, 0);
            }

            @Override
            public StreamTotal countSome(StreamOrder order, StreamReader<StreamItem> in) {
                return count(in);
            }

            @Override
            public StreamTotal echo(StreamReader<StreamItem> in, StreamWriter<StreamItem> out) {
                return count(in);
            }
        };
        RpcServer other = opened(RpcServer.builder()
                .config(ServerConfig.defaults().withTransport(transportConfig()))
                .buffers(serverBuffers)
                .transport(transport())
                .bind(StreamServiceRpc.SERVICE, keeping)
                .listen(listenAddress())
                .start());
        client.stub(StreamServiceRpc.SERVICE, other.address()).list(StreamOrder.of(1, 1), item -> {});
        assertThrows(IllegalStateException.class, () -> kept.getFirst().write(new StreamItem(1, NO_BYTES)));
    }
}
