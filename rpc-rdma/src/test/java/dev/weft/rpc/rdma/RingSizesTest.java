package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.testkit.ContractHandler;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.Simulation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client and a server that are configured with rings of different sizes use the smaller one. */
final class RingSizesTest {
    private static final int THREADS = 40;
    private static final int CALLS = 10;

    @ParameterizedTest
    @CsvSource({"8, 8", "8, 128", "128, 8", "64, 16", "16, 64"})
    void bothGoOnForEver(int clientBuffers, int serverBuffers) {
        Simulation.run(clientBuffers, simulation -> {
            Environment environment = simulation.environment();
            SoftwareFabric fabric = SoftwareFabric.simulated(environment);
            var serverVerbs = fabric.host(fabric.device("s0", "10.0.0.1"));
            var clientVerbs = fabric.host(fabric.device("c0", "10.0.0.2"));
            try (BufferPool buffers = new BufferPool(new BufferPoolConfig(1 << 20, 1 << 20), environment);
                    RpcServer server = RpcServer.builder()
                            .environment(environment)
                            .transport(new RdmaTransportProvider(ring(serverBuffers), serverVerbs))
                            .bind(ContractServiceRpc.SERVICE, new ContractHandler(environment, buffers))
                            .listen("rdma://10.0.0.1:7000")
                            .start();
                    RpcClient client = RpcClient.builder()
                            .environment(environment)
                            .transport(new RdmaTransportProvider(ring(clientBuffers), clientVerbs))
                            .build()) {
                ContractService service = client.stub(
                        ContractServiceRpc.SERVICE,
                        server.addresses().getFirst().toString());
                // More than a buffer holds, so that each of the many calls uses buffers of its own.
                MemorySegment bytes = MemorySegment.ofArray(new byte[300]);
                AtomicInteger answered = new AtomicInteger();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    threads.add(environment.threads().newThread(() -> {
                        for (int j = 0; j < CALLS; j++) {
                            service.echo(new EchoRequest("x", bytes));
                            answered.incrementAndGet();
                        }
                    }));
                }
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
                assertEquals(THREADS * CALLS, answered.get());
            }
        });
    }

    private static RdmaConfig ring(int buffers) {
        return RdmaConfig.builder().ring(buffers, 512).build();
    }
}
