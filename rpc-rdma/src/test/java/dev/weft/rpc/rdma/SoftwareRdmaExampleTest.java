package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.rdma.software.OpenObjects;
import dev.weft.rpc.rdma.software.SoftwareDevice;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.testkit.ContractHandler;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.MemoryRequest;
import dev.weft.rpc.testkit.Pattern;
import org.junit.jupiter.api.Test;

/** How a service is tested over RDMA where there is no device; shown in {@code docs/concepts/software-rdma.md}. */
final class SoftwareRdmaExampleTest {
    private final SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
    private final SoftwareDevice serverCard = fabric.device("s0", "10.0.0.1");
    private final SoftwareDevice otherServerCard = fabric.device("s1", "10.0.1.1");
    private final SoftwareDevice clientCard = fabric.device("c0", "10.0.0.2");
    private final SoftwareDevice otherClientCard = fabric.device("c1", "10.0.1.2");

    @Test
    void bulkDataArrivesAlthoughACardIsUnplugged() throws Exception {
        var serverTransport =
                new RdmaTransportProvider(RdmaConfig.defaults(), fabric.host(serverCard, otherServerCard));
        var clientTransport =
                new RdmaTransportProvider(RdmaConfig.defaults(), fabric.host(clientCard, otherClientCard));
        try (BufferPool buffers = new BufferPool(BufferPoolConfig.defaults(), Environment.system());
                RpcServer server = RpcServer.builder()
                        .transport(serverTransport)
                        .bind(ContractServiceRpc.SERVICE, new ContractHandler(Environment.system(), buffers))
                        .buffers(buffers)
                        .listen("rdma://0.0.0.0:7000")
                        .start();
                RpcClient client =
                        RpcClient.builder().transport(clientTransport).build()) {
            ContractService service = client.stub(ContractServiceRpc.SERVICE, "rdma://10.0.0.1:7000");
            assertServerReads(service);
            fabric.faults().portDown(serverCard);
            assertServerReads(service);
            fabric.faults().portUp(serverCard);
            assertServerReads(service);
            // The server has read one-sided, not by messages.
            assertTrue(server.transportCounters().getOrDefault("rdma.read-bytes", 0L) >= 3 << 20);
        }
        assertEquals(OpenObjects.NONE, fabric.open(), "something leaks");
    }

    /** The service pulls a megabyte out of our memory and says what it got. */
    private static void assertServerReads(ContractService service) {
        try (Buffer memory = BufferPool.shared().acquire(1 << 20)) {
            Pattern.fill(memory.segment(), 42);
            var reply = service.readMemory(new MemoryRequest(memory.remote(Access.READ)));
            assertEquals(Pattern.checksum(memory.segment()), reply.checksum());
        }
    }
}
