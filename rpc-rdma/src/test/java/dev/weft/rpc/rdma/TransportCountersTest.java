package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a server and a client say of their transports. */
final class TransportCountersTest {
    private static final int MIB = 1 << 20;

    @Test
    void transfersAreCountedWhereTheyWerePosted() throws Exception {
        SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
        try (VerbsProvider verbs = fabric.host(fabric.device("soft0", "10.0.0.1"));
                BufferPool granting = newPool();
                BufferPool using = newPool();
                RpcServer server = RpcServer.builder()
                        .transport(new RdmaTransportProvider(RdmaConfig.defaults(), verbs))
                        .buffers(granting)
                        .listen("rdma://10.0.0.1:0")
                        .start();
                RpcClient client = RpcClient.builder()
                        .transport(new RdmaTransportProvider(RdmaConfig.defaults(), verbs))
                        .buffers(using)
                        .build();
                Buffer remote = granting.acquire(MIB);
                Buffer local = using.acquire(MIB)) {
            assertEquals(Map.of(), client.transportCounters(), "the transport is made when it is first needed");
            Peer peer = client.peer(server.address());
            peer.read(remote.remote(Access.READ), local.segment());
            peer.write(
                    local.segment().asSlice(0, 100), remote.remote(Access.WRITE).slice(0, 100));
            Map<String, Long> counters = client.transportCounters();
            assertEquals(MIB, counters.get("rdma.read-bytes"));
            assertEquals(100, counters.get("rdma.write-bytes"));
            assertEquals(1, counters.get("rdma.writes"));
            assertEquals(1, counters.get("rdma.queue-pairs"));
            assertEquals(0, counters.get("rdma.staged-bytes"), "registered memory is not copied");
            assertTrue(counters.getOrDefault("rdma.posts", 0L) >= 2, counters.toString());
            assertTrue(counters.getOrDefault("rdma.completions", 0L) >= 2, counters.toString());
            assertEquals(0, server.transportCounters().get("rdma.read-bytes"), "its processor had no part in it");
            assertEquals(0, server.transportCounters().get("rdma.writes"));
        }
    }

    private static BufferPool newPool() {
        return new BufferPool(new BufferPoolConfig(16 * MIB, MIB), Environment.system());
    }
}
