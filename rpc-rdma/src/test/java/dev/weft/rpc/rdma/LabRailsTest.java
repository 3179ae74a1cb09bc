package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.ffm.Lab;
import dev.weft.rpc.testkit.Pattern;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two cards on each side and a link between each pair, one of which fails in the middle of a transfer. */
@Tag("two-links")
@Timeout(120)
final class LabRailsTest {
    private static final List<String> CLIENT_CARDS = List.of("rdma1", "rdma3");
    private static final List<String> SERVER_CARDS = List.of("rdma2", "rdma4");
    private static final int SIZE = 4 << 20;

    private final Environment environment = Environment.system();
    private volatile boolean over;
    private final AtomicInteger transfers = new AtomicInteger();

    @Test
    void transferGoesOnOverOneLinkAndTakesTheOtherBack() throws Exception {
        try (FfmVerbsProvider verbs = Lab.provider()) {
            try (BufferPool serverBuffers = newPool();
                    BufferPool clientBuffers = newPool();
                    RpcServer server = RpcServer.builder()
                            .buffers(serverBuffers)
                            .transport(new RdmaTransportProvider(
                                    RdmaConfig.builder().devices(SERVER_CARDS).build(), verbs))
                            .listen("rdma://0.0.0.0:0")
                            .start();
                    RpcClient client = RpcClient.builder()
                            .buffers(clientBuffers)
                            .transport(new RdmaTransportProvider(
                                    RdmaConfig.builder().devices(CLIENT_CARDS).build(), verbs))
                            .build();
                    Buffer remote = serverBuffers.acquire(SIZE);
                    Buffer local = clientBuffers.acquire(SIZE);
                    Buffer back = clientBuffers.acquire(SIZE)) {
                String address = server.address().replace("0.0.0.0", "10.0.0.2");
                RemoteMemory memory = remote.remote(Access.READ_WRITE);
                Thread transferring =
                        Thread.ofVirtual().start(() -> transferUntilOver(client, address, memory, local, back));
                failOneAfterTheOther(client, transferring);
                over = true;
                transferring.join();
                assertEquals(1, server.connections());
            }
        }
    }

    private void transferUntilOver(RpcClient client, String address, RemoteMemory memory, Buffer local, Buffer back) {
        while (!over) {
            int number = transfers.get();
            Pattern.fill(local.segment(), number);
            client.peer(address).write(local.segment(), memory);
            client.peer(address).read(memory, back.segment());
            assertEquals(-1, local.segment().mismatch(back.segment()), "transfer " + number);
            transfers.incrementAndGet();
        }
    }

    private void failOneAfterTheOther(RpcClient client, Thread transferring) throws Exception {
        try {
            awaitTraffic("rdma1", transferring);
            awaitTraffic("rdma3", transferring);
            for (String link : List.of("p1", "p3", "p1")) {
                long lost = count(client, "queue-pair-failures");
                long made = count(client, "queue-pair-rebuilds");
                link(link, "down");
                await(
                        () -> count(client, "queue-pair-failures") > lost,
                        "the rail over " + link + " fails",
                        transferring);
                awaitTransfers(3, transferring);
                link(link, "up");
                await(() -> count(client, "queue-pair-rebuilds") > made, link + " is used again", transferring);
                awaitTraffic(link.replace("p", "rdma"), transferring);
            }
        } finally {
            link("p1", "up");
            link("p3", "up");
        }
    }

    private void awaitTransfers(int count, Thread transferring) throws InterruptedException {
        int before = transfers.get();
        await(() -> transfers.get() >= before + count, "transfers go on", transferring);
    }

    /** Until a device has sent much more than what keeps a connection alive. */
    private void awaitTraffic(String device, Thread transferring) throws InterruptedException {
        long before = packetsSent(device);
        await(() -> packetsSent(device) > before + 500, "there is traffic on " + device, transferring);
    }

    private void await(BooleanSupplier condition, String what, Thread transferring) throws InterruptedException {
        long until = environment.clock().nanoTime() + Duration.ofSeconds(50).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(transferring.isAlive(), what + ": the transfers have failed");
            assertTrue(environment.clock().nanoTime() - until < 0, what + ": not within 50 s");
            environment.clock().sleep(Duration.ofMillis(5));
        }
    }

    private static long packetsSent(String device) {
        try {
            Path file = Path.of("/sys/class/infiniband/" + device + "/ports/1/hw_counters/sent_pkts");
            return Long.parseLong(Files.readString(file).trim());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long count(RpcClient client, String counter) {
        return client.transportCounters().getOrDefault("rdma." + counter, 0L);
    }

    /** At the switch, as if the cable were pulled. */
    private static void link(String name, String state) throws Exception {
        Process ip = new ProcessBuilder("ip", "-n", "switch", "link", "set", name, state)
                .redirectErrorStream(true)
                .start();
        String output = new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, ip.waitFor(), output);
    }

    private BufferPool newPool() {
        return new BufferPool(new BufferPoolConfig(4L * SIZE, SIZE), environment);
    }
}
