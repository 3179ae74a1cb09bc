package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.Peer;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.testkit.ContractHandler;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.Simulation;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** A peer that asks for the whole of what may come in at a time, and never says that it is done. */
final class KeptPermitTest {
    private static final int BYTES = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    @Test
    void keepsOthersWaitingForAWhileOnly() {
        Simulation.run(1, simulation -> {
            Environment environment = simulation.environment();
            SoftwareFabric fabric = SoftwareFabric.simulated(environment);
            var serverVerbs = fabric.host(fabric.device("s0", "10.0.0.1"));
            var hostileVerbs = fabric.host(fabric.device("h0", "10.0.0.2"));
            var clientVerbs = fabric.host(fabric.device("c0", "10.0.0.3"));
            RdmaConfig config = RdmaConfig.builder().permits(BYTES, 4096).build();
            try (BufferPool serverBuffers = new BufferPool(new BufferPoolConfig(4 << 20, BYTES), environment);
                    BufferPool clientBuffers = new BufferPool(new BufferPoolConfig(4 << 20, BYTES), environment);
                    RpcServer server = RpcServer.builder()
                            .environment(environment)
                            .buffers(serverBuffers)
                            .transport(new RdmaTransportProvider(config, serverVerbs))
                            .bind(ContractServiceRpc.SERVICE, new ContractHandler(environment, serverBuffers))
                            .listen("rdma://10.0.0.1:7000")
                            .start();
                    RpcClient client = RpcClient.builder()
                            .environment(environment)
                            .buffers(clientBuffers)
                            .transport(new RdmaTransportProvider(config, clientVerbs))
                            .build();
                    RawPeer hostile =
                            new RawPeer(hostileVerbs, new InetSocketAddress("10.0.0.1", 7000), RawPeer.request(1));
                    Buffer local = clientBuffers.acquire(BYTES);
                    Buffer remote = serverBuffers.acquire(BYTES)) {
                assertEquals(1, server.addresses().size());
                hostile.send(RawPeer.WITH_MESSAGES, ControlFrame.plain(ControlFrame.HELLO, 0));
                hostile.send(RawPeer.WITH_MESSAGES, ControlFrame.permitAsk(1, BYTES));
                assertNotNull(hostile.receive(), "the permit");
                Peer peer = client.peer("rdma://10.0.0.1:7000");
                long begun = environment.clock().nanoTime();
                peer.write(local.segment(), remote.remote(Access.WRITE));
                long waited = environment.clock().nanoTime() - begun;
                assertTrue(waited > SECOND, "it did not wait: " + waited);
                assertTrue(waited < 20 * SECOND, "it waited too long: " + waited);
            }
        });
    }
}
