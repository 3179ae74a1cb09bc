package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskScope;
import dev.weft.rpc.rdma.software.OpenObjects;
import dev.weft.rpc.rdma.software.SoftwareDevice;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;
import dev.weft.rpc.testkit.ChecksumReply;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.EchoReply;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.MemoryRequest;
import dev.weft.rpc.testkit.Pattern;
import dev.weft.rpc.testkit.Simulation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Two hosts with two network cards each, callers that check every byte, and failures one after the other. Everything
 * follows from the simulation's seed.
 */
final class FailureStorm {
    private static final int CALLERS = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** How far beyond its deadline a call may return: a queue pair has to be ended first, at the worst. */
    private static final Duration LATE_MAX = Duration.ofMillis(1500);

    private final Simulation simulation;
    private final Environment environment;
    private final RandomGenerator random;
    private final SoftwareFabric fabric;
    private final SoftwareDevice[] serverCards;
    private final SoftwareDevice[] clientCards;
    private final SoftwareVerbsProvider serverHost;
    private final SoftwareVerbsProvider clientHost;
    private final BufferPool serverBuffers;
    private final BufferPool clientBuffers;
    private final StormService service;
    private RpcServer server;
    private boolean over;
    private int injected;
    private int succeeded;
    private int failed;

    FailureStorm(Simulation simulation) throws IOException {
        this.simulation = simulation;
        this.environment = simulation.environment();
        this.random = environment.random();
        this.fabric = SoftwareFabric.simulated(environment);
        this.serverCards = new SoftwareDevice[] {fabric.device("s0", "10.0.0.1"), fabric.device("s1", "10.0.1.1")};
        this.clientCards = new SoftwareDevice[] {fabric.device("c0", "10.0.0.2"), fabric.device("c1", "10.0.1.2")};
        this.serverHost = fabric.host(serverCards);
        this.clientHost = fabric.host(clientCards);
        this.serverBuffers = new BufferPool(new BufferPoolConfig(16 << 20, 1 << 20), environment);
        this.clientBuffers = new BufferPool(new BufferPoolConfig(16 << 20, 1 << 20), environment);
        this.service = new StormService(serverBuffers);
        fabric.faults().delay(Duration.ofNanos(2_000), Duration.ofNanos(200_000));
        fabric.faults().retryTime(Duration.ofMillis(20));
        fabric.faults().connectTime(Duration.ofMillis(50));
        fabric.faults().disorder(50_000);
        this.server = startServer();
    }

    private RpcServer startServer() throws IOException {
        return RpcServer.builder()
                .environment(environment)
                .buffers(serverBuffers)
                .transport(new RdmaTransportProvider(config(), serverHost))
                .bind(ContractServiceRpc.SERVICE, service)
                .listen("rdma://0.0.0.0:7000")
                .start();
    }

    private static RdmaConfig config() {
        return RdmaConfig.builder()
                .ring(8, 2048)
                .rails(2, 65_536)
                .permits(512 << 10, 128 << 10)
                .timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1))
                .build();
    }

    /** Runs until so many failures were injected; returns what happened, in a line. */
    String run(int failures) throws Exception {
        RpcClient client = RpcClient.builder()
                .environment(environment)
                .config(ClientConfig.defaults().withRetry(RetryPolicy.none()))
                .buffers(clientBuffers)
                .transport(new RdmaTransportProvider(config(), clientHost))
                .build();
        ContractService stub = client.stub(ContractServiceRpc.SERVICE, "rdma://10.0.0.1:7000", "rdma://10.0.1.1:7000");
        try (TaskScope scope = TaskScope.open(environment, TaskScope.Policy.AWAIT_ALL)) {
            List<Subtask<Boolean>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int caller = i;
                callers.add(scope.fork(() -> callUntilOver(stub, caller)));
            }
            Subtask<Boolean> faults = scope.fork(() -> injectUntil(failures));
            scope.join();
            faults.get();
            callers.forEach(Subtask::get);
        }
        client.close();
        server.close();
        clientBuffers.close();
        serverBuffers.close();
        clientHost.close();
        serverHost.close();
        require(fabric.open().equals(OpenObjects.NONE), "left open: " + fabric.open());
        return injected + " failures, " + succeeded + " calls succeeded, " + failed + " failed";
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    // --- callers

    private boolean callUntilOver(ContractService stub, int caller) {
        for (int i = 0; !over; i++) {
            String name = caller + "-" + i;
            long began = environment.clock().nanoTime();
            try {
                Context.current().withTimeout(TIMEOUT, environment.clock()).run(() -> callOnce(stub, name));
                succeeded++;
                pause(Duration.ofNanos(1000L * random.nextInt(3_000)));
            } catch (RpcException e) {
                failed++;
                require(mayHappen(e.code()), name + " failed with " + e);
                pause(Duration.ofMillis(1));
            }
            long took = environment.clock().nanoTime() - began;
            require(
                    took < TIMEOUT.plus(LATE_MAX).toNanos(),
                    name + " took " + Duration.ofNanos(took) + " of " + TIMEOUT);
            require(service.runs(name) <= 1, name + " ran " + service.runs(name) + " times");
        }
        return true;
    }

    private static boolean mayHappen(StatusCode code) {
        return code == StatusCode.DEADLINE_EXCEEDED
                || code == StatusCode.CONNECTION_LOST
                || code == StatusCode.UNAVAILABLE
                || code == StatusCode.INTERNAL;
    }

    private void callOnce(ContractService stub, String name) {
        switch (random.nextInt(4)) {
            case 0 -> echo(stub, name, random.nextInt(1000));
            case 1 -> echo(stub, name, random.nextInt(200_000));
            case 2 -> lend(stub, name, Access.READ);
            default -> lend(stub, name, Access.WRITE);
        }
    }

    private void echo(ContractService stub, String name, int size) {
        MemorySegment bytes = Pattern.bytes(size, name.hashCode());
        EchoReply reply = stub.echo(new EchoRequest(name, bytes));
        require(reply.text().equals(name), name + " got the answer of " + reply.text());
        require(reply.bytes().mismatch(bytes) < 0, name + " got other bytes");
    }

    private void lend(ContractService stub, String name, Access access) {
        int size = 1 + random.nextInt(300_000);
        try (Buffer buffer = clientBuffers.acquire(size)) {
            Pattern.fill(buffer.segment(), name.hashCode());
            long before = Pattern.checksum(buffer.segment());
            // What came late for an earlier owner of the memory would show here.
            pause(Duration.ofNanos(1000L * random.nextInt(2000)));
            require(Pattern.checksum(buffer.segment()) == before, name + ": its memory was written by somebody else");
            MemoryRequest request = new MemoryRequest(buffer.remote(access));
            ChecksumReply reply = access == Access.READ ? stub.readMemory(request) : stub.writeMemory(request);
            require(reply.checksum() == Pattern.checksum(buffer.segment()), name + ": the bytes differ");
        }
    }

    private void pause(Duration duration) {
        try {
            environment.clock().sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // --- failures

    private boolean injectUntil(int failures) throws Exception {
        while (injected < failures) {
            pause(Duration.ofNanos(1000L * random.nextInt(4_000)));
            injectOne();
        }
        fabric.faults().calm();
        pause(Duration.ofSeconds(1));
        over = true;
        return true;
    }

    private void injectOne() throws Exception {
        int rail = random.nextInt(2);
        boolean atServer = random.nextBoolean();
        SoftwareDevice card = atServer ? serverCards[rail] : clientCards[rail];
        long before = fabric.faults().failuresInjected() + fabric.faults().completionsLost();
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6 -> failRequests();
            case 7, 8, 9, 10, 11 -> loseCompletions(card);
            case 12, 13, 14 -> cutRail(rail);
            case 15, 16 -> portDown(card);
            case 17, 18 -> loseCard(card);
            default -> killServer();
        }
        injected += (int) (fabric.faults().failuresInjected() + fabric.faults().completionsLost() - before);
    }

    private void failRequests() {
        IbvWcStatus[] statuses = {
            IbvWcStatus.IBV_WC_RETRY_EXC_ERR, IbvWcStatus.IBV_WC_FATAL_ERR, IbvWcStatus.IBV_WC_RNR_RETRY_EXC_ERR
        };
        fabric.faults().failRequests(20_000, statuses[random.nextInt(statuses.length)]);
        pause(Duration.ofNanos(1000L * random.nextInt(5_000)));
        fabric.faults().failRequests(0, IbvWcStatus.IBV_WC_FATAL_ERR);
    }

    private void loseCompletions(SoftwareDevice card) {
        fabric.faults().loseCompletions(card, 1 + random.nextInt(2));
        pause(Duration.ofNanos(1000L * random.nextInt(5_000)));
        fabric.faults().loseCompletions(card, 0);
    }

    private void cutRail(int rail) {
        injected++;
        fabric.faults().cut(serverCards[rail], clientCards[rail]);
        pause(Duration.ofMillis(random.nextInt(50)));
        fabric.faults().mend(serverCards[rail], clientCards[rail]);
    }

    private void portDown(SoftwareDevice card) {
        injected++;
        fabric.faults().portDown(card);
        pause(Duration.ofMillis(random.nextInt(30)));
        fabric.faults().portUp(card);
    }

    private void loseCard(SoftwareDevice card) {
        injected++;
        fabric.faults().lose(card);
        pause(Duration.ofMillis(random.nextInt(30)));
        fabric.faults().restore(card);
        pause(Duration.ofMillis(20));
    }

    /** The server's process ends without a word, and another one begins. */
    private void killServer() throws IOException {
        injected++;
        for (SoftwareDevice card : serverCards) {
            fabric.faults().portDown(card);
        }
        RpcServer killed = server;
        killed.close();
        for (SoftwareDevice card : serverCards) {
            fabric.faults().portUp(card);
        }
        server = startServer();
        simulation.log("the server was killed");
    }
}
