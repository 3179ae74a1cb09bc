package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.Peer;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.rdma.software.Faults;
import dev.weft.rpc.rdma.software.OpenObjects;
import dev.weft.rpc.rdma.software.SoftwareDevice;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.Simulation;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A server and a client in simulation, with two network cards each; {@link #run} checks that nothing is left of them. */
final class TwoHosts {
    private static final int POOL_BYTES = 4 << 20;

    final Environment environment;
    final SoftwareFabric fabric;
    final SoftwareDevice[] serverCards;
    final SoftwareDevice[] clientCards;
    final BufferPool serverBuffers;
    final BufferPool clientBuffers;
    final StormService handler;
    final RpcServer server;
    final RpcClient client;
    final ContractService service;
    private final SoftwareVerbsProvider serverHost;
    private final SoftwareVerbsProvider clientHost;

    interface Body {
        void run(TwoHosts hosts) throws Exception;
    }

    static void run(long seed, RdmaConfig config, Body body) {
        run(seed, config, UnaryOperator.identity(), body);
    }

    /** @param around what the client uses its verbs through */
    static void run(long seed, RdmaConfig config, UnaryOperator<VerbsProvider> around, Body body) {
        Simulation.run(seed, simulation -> {
            TwoHosts hosts = new TwoHosts(simulation, config, around);
            body.run(hosts);
            hosts.close();
        });
    }

    private TwoHosts(Simulation simulation, RdmaConfig config, UnaryOperator<VerbsProvider> around) throws IOException {
        environment = simulation.environment();
        fabric = SoftwareFabric.simulated(environment);
        serverCards = new SoftwareDevice[] {fabric.device("s0", "10.0.0.1"), fabric.device("s1", "10.0.1.1")};
        clientCards = new SoftwareDevice[] {fabric.device("c0", "10.0.0.2"), fabric.device("c1", "10.0.1.2")};
        serverHost = fabric.host(serverCards);
        clientHost = fabric.host(clientCards);
        serverBuffers = new BufferPool(new BufferPoolConfig(POOL_BYTES, POOL_BYTES), environment);
        clientBuffers = new BufferPool(new BufferPoolConfig(POOL_BYTES, POOL_BYTES), environment);
        handler = new StormService(serverBuffers);
        fabric.faults().connectTime(Duration.ofMillis(50));
        fabric.faults().retryTime(Duration.ofMillis(50));
        server = RpcServer.builder()
                .environment(environment)
                .buffers(serverBuffers)
                .transport(new RdmaTransportProvider(config, serverHost))
                .bind(ContractServiceRpc.SERVICE, handler)
                .listen("rdma://0.0.0.0:7000")
                .start();
        client = RpcClient.builder()
                .environment(environment)
                .config(ClientConfig.defaults().withRetry(RetryPolicy.none()))
                .buffers(clientBuffers)
                .transport(new RdmaTransportProvider(config, around.apply(clientHost)))
                .build();
        service = client.stub(ContractServiceRpc.SERVICE, "rdma://10.0.0.1:7000");
    }

    private void close() {
        client.close();
        server.close();
        clientBuffers.close();
        serverBuffers.close();
        clientHost.close();
        serverHost.close();
        assertEquals(OpenObjects.NONE, fabric.open());
    }

    Peer peer() {
        return client.peer("rdma://10.0.0.1:7000");
    }

    Faults faults() {
        return fabric.faults();
    }

    /** Lets nothing through on one of the two ways. */
    void cut(int rail) {
        faults().cut(serverCards[rail], clientCards[rail]);
    }

    void mend(int rail) {
        faults().mend(serverCards[rail], clientCards[rail]);
    }

    long now() {
        return environment.clock().nanoTime();
    }

    void sleep(long millis) throws InterruptedException {
        environment.clock().sleep(Duration.ofMillis(millis));
    }

    /** A task on a thread of its own, to be joined. */
    Thread start(Runnable task) {
        Thread thread = environment.threads().newThread(task);
        thread.start();
        return thread;
    }

    void within(long millis, Runnable task) {
        Context.current()
                .withTimeout(Duration.ofMillis(millis), environment.clock())
                .run(task);
    }

    long clientCount(String counter) {
        return client.transportCounters().getOrDefault("rdma." + counter, 0L);
    }

    long serverCount(String counter) {
        return server.transportCounters().getOrDefault("rdma." + counter, 0L);
    }
}
