package dev.weft.rpc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.TaskScope;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The RPC stack itself in a simulated world. */
final class SimulationTest {
    private static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);

    @Test
    void sameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(callsUnderFaults(seed), callsUnderFaults(seed), "seed " + seed);
        }
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        assertNotEquals(callsUnderFaults(1), callsUnderFaults(2));
    }

    @Test
    void threadsTakeTurnsBySeed() {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(contention(seed), contention(seed), "seed " + seed);
        }
        assertNotEquals(contention(1), contention(2));
    }

    @Test
    void timeoutOfAnHourPassesAtOnce() {
        long begun = System.nanoTime();
        String trace = Simulation.run(7, simulation -> {
            World world = new World(simulation);
            RpcException e = assertThrows(RpcException.class, () -> world.service.block(new TextRequest("for ever")));
            simulation.log(e.code().toString());
        });
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertTrue(trace.startsWith("PT1H "), trace);
        assertTrue(trace.contains("DEADLINE_EXCEEDED"), trace);
        assertTrue(millis < 20_000, millis + " ms");
    }

    @Test
    void everythingThatWaitsForEverIsReportedWithItsSeed() {
        AssertionError e = assertThrows(
                AssertionError.class, () -> Simulation.run(99, simulation -> new ArrayBlockingQueue<String>(1).take()));
        assertTrue(String.valueOf(e.getMessage()).contains("seed 99"), e.getMessage());
    }

    @Test
    void monitorThatIsHeldOutsideChangesNothing() throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            throughMonitorHeldUntil(seed, contender -> contender.getState() == Thread.State.BLOCKED);
        }
    }

    @Test
    void monitorThatIsLetGoWhileAThreadBeginsToWaitForItChangesNothing() throws Exception {
        for (long seed = 1; seed <= 2000; seed++) {
            long letGo = System.nanoTime() + seed * 50;
            throughMonitorHeldUntil(seed, contender -> System.nanoTime() > letGo);
        }
    }

    private static void throughMonitorHeldUntil(long seed, Predicate<Thread> letGo) throws Exception {
        String undisturbed = throughMonitor(seed, new Object(), thread -> {});
        Object monitor = new Object();
        var contender = new CompletableFuture<Thread>();
        var held = new CountDownLatch(1);
        Thread outside = Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                held.countDown();
                Thread thread = contender.join();
                while (!letGo.test(thread)) {
                    Thread.onSpinWait();
                }
            }
        });
        held.await();
        assertEquals(undisturbed, throughMonitor(seed, monitor, contender::complete), "seed " + seed);
        outside.join();
    }

    private static String throughMonitor(long seed, Object monitor, Consumer<Thread> contender) {
        return Simulation.run(seed, simulation -> {
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 4; i++) {
                String name = "thread " + i;
                Thread thread = simulation.environment().threads().newThread(() -> {
                    contender.accept(Thread.currentThread());
                    synchronized (monitor) {
                        simulation.log(name);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        });
    }

    /** A server and a client of the contract's service on two nodes. */
    private static final class World {
        final InMemoryNetwork network;
        final ContractService service;
        final RpcServer server;

        World(Simulation simulation) throws Exception {
            Environment environment = simulation.environment();
            network = new InMemoryNetwork(environment);
            BufferPool buffers = new BufferPool(new BufferPoolConfig(1 << 20, 1 << 16), environment);
            server = RpcServer.builder()
                    .environment(environment)
                    .buffers(buffers)
                    .transport(network.node("server"))
                    .bind(ContractServiceRpc.SERVICE, new ContractHandler(environment, buffers))
                    .listen("mem://server")
                    .start();
            RpcClient client = RpcClient.builder()
                    .environment(environment)
                    .buffers(buffers)
                    .config(ClientConfig.defaults()
                            .withDefaultTimeout(Duration.ofHours(1))
                            .withRetry(new RetryPolicy(50, Duration.ofMillis(5), Duration.ofSeconds(1))))
                    .transport(network.node("client"))
                    .build();
            service = client.stub(ContractServiceRpc.SERVICE, "mem://server");
        }
    }

    private static String callsUnderFaults(long seed) {
        return Simulation.run(seed, simulation -> {
            World world = new World(simulation);
            world.network.setConditions(new LinkConditions(Duration.ofNanos(50_000), Duration.ofMillis(2), 3000));
            try (TaskScope scope = TaskScope.open(simulation.environment(), TaskScope.Policy.AWAIT_ALL)) {
                for (int i = 0; i < 40; i++) {
                    String text = "call " + i;
                    scope.fork(() -> {
                        try {
                            simulation.log(world.service
                                    .echo(new EchoRequest(text, NO_BYTES))
                                    .text());
                        } catch (RpcException e) {
                            simulation.log(text + " " + e.code());
                        }
                        return text;
                    });
                }
                simulation.environment().clock().sleep(Duration.ofMillis(1));
                world.network.partition("client", "server");
                simulation.environment().clock().sleep(Duration.ofSeconds(20));
                world.network.heal();
                scope.join();
            }
            world.server.shutdown(Duration.ofSeconds(1));
        });
    }

    private static String contention(long seed) {
        return Simulation.run(seed, simulation -> {
            ReentrantLock lock = new ReentrantLock();
            ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(2);
            try (TaskScope scope = TaskScope.open(simulation.environment())) {
                for (int i = 0; i < 5; i++) {
                    String name = "thread " + i;
                    scope.fork(() -> {
                        for (int n = 0; n < 5; n++) {
                            lock.lock();
                            try {
                                simulation.log(name);
                            } finally {
                                lock.unlock();
                            }
                            queue.put(name);
                            simulation.log("took " + queue.take());
                        }
                        return name;
                    });
                }
                scope.join();
            }
        });
    }
}
