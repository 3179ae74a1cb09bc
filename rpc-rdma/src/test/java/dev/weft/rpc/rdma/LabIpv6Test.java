package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.ffm.Lab;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.MemoryRequest;
import dev.weft.rpc.testkit.Pattern;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls and transfers over a real device between addresses of IPv6, so with another GID than for IPv4. */
@Tag("rdma")
final class LabIpv6Test {
    private static final int SIZE = 1 << 20;

    @Test
    void callsAndTransfersWork() throws Exception {
        try (FfmVerbsProvider verbs = Lab.provider();
                BufferPool serverBuffers = newPool();
                BufferPool clientBuffers = newPool();
                RpcServer server = RpcServer.builder()
                        .buffers(serverBuffers)
                        .transport(new RdmaTransportProvider(RdmaConfig.defaults(), verbs))
                        .bind(ContractServiceRpc.SERVICE, new StormService(serverBuffers))
                        .listen("rdma://[" + address(verbs).getHostAddress().replaceAll("%.*", "") + "]:0")
                        .start();
                RpcClient client = RpcClient.builder()
                        .buffers(clientBuffers)
                        .transport(new RdmaTransportProvider(RdmaConfig.defaults(), verbs))
                        .build();
                Buffer buffer = clientBuffers.acquire(SIZE)) {
            var service = client.stub(ContractServiceRpc.SERVICE, server.address());
            assertEquals(
                    "six",
                    service.echo(new EchoRequest("six", MemorySegment.NULL)).text());
            long written = service.writeMemory(new MemoryRequest(buffer.remote(Access.WRITE)))
                    .checksum();
            assertEquals(written, Pattern.checksum(buffer.segment()));
            long read = service.readMemory(new MemoryRequest(buffer.remote(Access.READ)))
                    .checksum();
            assertEquals(written, read);
        }
    }

    private static InetAddress address(FfmVerbsProvider verbs) throws Exception {
        return verbs.devices().getFirst().addresses().stream()
                .filter(one -> one instanceof Inet6Address && !one.isLinkLocalAddress())
                .findFirst()
                .orElseThrow();
    }

    private static BufferPool newPool() {
        return new BufferPool(new BufferPoolConfig(4 * SIZE, SIZE), Environment.system());
    }
}
