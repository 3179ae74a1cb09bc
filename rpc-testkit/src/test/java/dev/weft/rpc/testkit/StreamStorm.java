package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.ServerConfig;
import dev.weft.rpc.StreamConfig;
import dev.weft.rpc.StreamReader;
import dev.weft.rpc.StreamWriter;
import dev.weft.rpc.TaskScope;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Many streams of all kinds in a simulated world: slow readers, readers that go away, errors in the middle, deadlines and
 * lost connections. Checks that each ends once, that no more is on its way than was granted, and that nothing is left.
 */
final class StreamStorm {
    private static final StreamConfig LIMITS =
            StreamConfig.defaults().withMaxItems(8).withMaxBytes(4000);

    /** Items that may have been written and not read: granted, one longer than that, one at each end. */
    private static final int BETWEEN_MAX = 8 + 3;

    private final Simulation simulation;
    private final Environment environment;
    private final RandomGenerator random;
    private final StreamService service;
    private final RpcServer server;
    private final RpcClient client;
    private final BufferPool buffers;
    private final Watched watched = new Watched();
    private final AtomicInteger endings = new AtomicInteger();

    private StreamStorm(Simulation simulation, int lossPerMillion) throws Exception {
        this.simulation = simulation;
        this.environment = simulation.environment();
        this.random = environment.random();
        InMemoryNetwork network = new InMemoryNetwork(environment);
        network.setConditions(new LinkConditions(Duration.ofNanos(50_000), Duration.ofMillis(2), lossPerMillion));
        buffers = new BufferPool(new BufferPoolConfig(1 << 20, 1 << 16), environment);
        server = RpcServer.builder()
                .environment(environment)
                .buffers(buffers)
                .config(ServerConfig.defaults().withStreams(LIMITS))
                .transport(network.node("server"))
                .bind(StreamServiceRpc.SERVICE, watched)
                .listen("mem://server")
                .start();
        client = RpcClient.builder()
                .environment(environment)
                .buffers(buffers)
                .config(ClientConfig.defaults().withStreams(LIMITS))
                .transport(network.node("client"))
                .build();
        service = client.stub(StreamServiceRpc.SERVICE, "mem://server");
    }

    static String trace(long seed, int lossPerMillion) {
        return Simulation.run(seed, simulation -> new StreamStorm(simulation, lossPerMillion).run());
    }

    /** Counts what each handler of {@code list} has written. */
    private static final class Watched implements StreamService {
        private final StreamService handler = new StreamHandler(new LinkedBlockingQueue<>());
        private final AtomicInteger[] written = new AtomicInteger[100];

        @Override
        public void list(StreamOrder order, StreamWriter<StreamItem> out) throws RefusedException {
            AtomicInteger count = new AtomicInteger();
            written[Integer.parseInt(order.name())] = count;
            handler.list(order, item -> {
                out.write(item);
                count.incrementAndGet();
            });
        }

        @Override
        public StreamTotal count(StreamReader<StreamItem> in) {
            return handler.count(in);
        }

        @Override
        public StreamTotal countSome(StreamOrder order, StreamReader<StreamItem> in) {
            return handler.countSome(order, in);
        }

        @Override
        public StreamTotal echo(StreamReader<StreamItem> in, StreamWriter<StreamItem> out) {
            return handler.echo(in, out);
        }
    }

    private void run() throws Exception {
        int streams = 12;
        try (TaskScope scope = TaskScope.open(environment, TaskScope.Policy.AWAIT_ALL)) {
            for (int i = 0; i < streams; i++) {
                int number = i;
                scope.fork(() -> {
                    simulation.log("stream " + number + " " + stream(number));
                    return endings.incrementAndGet();
                });
            }
            scope.join();
        }
        assertEquals(streams, endings.get(), "each stream ends once");
        Duration patience = Duration.ofMinutes(1);
        long deadline = environment.clock().nanoTime() + patience.toNanos();
        while (server.callsInFlight() > 0) {
            assertTrue(environment.clock().nanoTime() - deadline < 0, server.callsInFlight() + " handlers are left");
            environment.clock().sleep(Duration.ofMillis(10));
        }
        client.metrics()
                .methods()
                .forEach(method -> assertEquals(0, method.inFlight(), method.method() + " in flight"));
        client.close();
        server.close();
        buffers.close();
    }

    /** One stream of some kind; how it ended. */
    private String stream(int number) throws InterruptedException {
        try {
            return switch (random.nextInt(5)) {
                case 0 -> list(number, StreamOrder.Ending.RETURN);
                case 1 -> list(number, StreamOrder.Ending.REFUSE);
                case 2 -> abandoned(number);
                case 3 -> {
                    Context hurried = Context.current()
                            .withTimeout(Duration.ofMillis(random.nextInt(1, 100)), environment.clock());
                    yield hurried.call(() -> list(number, StreamOrder.Ending.WAIT));
                }
                default -> echo();
            };
        } catch (RefusedException e) {
            return "refused";
        } catch (RpcException e) {
            return e.code().toString();
        }
    }

    private String list(int number, StreamOrder.Ending ending) throws RefusedException {
        int items = random.nextInt(60);
        int[] read = {0};
        service.list(new StreamOrder(items, random.nextInt(1000), String.valueOf(number), ending), item -> {
            int between = watched.written[number].get() - read[0];
            assertTrue(between <= BETWEEN_MAX, between + " items between handler and caller");
            assertEquals(read[0]++, item.number());
            pause();
        });
        assertEquals(items, read[0]);
        return "returned";
    }

    private String abandoned(int number) throws InterruptedException {
        StreamOrder endless =
                new StreamOrder(Integer.MAX_VALUE, 100, String.valueOf(number), StreamOrder.Ending.RETURN);
        try (StreamReader<StreamItem> reader = StreamReader.ofCall(environment, out -> service.list(endless, out))) {
            for (int i = random.nextInt(20); i > 0; i--) {
                reader.next();
            }
        }
        return "abandoned";
    }

    private String echo() {
        int items = random.nextInt(60);
        int[] read = {0};
        StreamTotal total = service.echo(
                new StreamReader<>() {
                    private int sent;

                    @Override
                    public boolean hasNext() {
                        return sent < items;
                    }

                    @Override
                    public StreamItem next() {
                        pause();
                        return new StreamItem(sent++, MemorySegment.ofArray(new byte[random.nextInt(2000)]));
                    }
                },
                item -> {
                    assertEquals(read[0]++, item.number());
                    pause();
                });
        assertEquals(items, read[0]);
        assertEquals(items, total.items());
        return "returned";
    }

    private void pause() {
        if (random.nextInt(4) == 0) {
            try {
                environment.clock().sleep(Duration.ofNanos(random.nextInt(5_000_000)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
