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
import dev.weft.rpc.testkit.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One completion stands for a chain: where reads take longer than a write behind them, it must not come before them. */
@Tag("rdma")
final class LabMixedBatchTest {
    private static final int SIZE = 512 << 10;
    private static final int BATCHES = 50;

    @Test
    void readsAreThereWhenABatchThatEndsWithAWriteIsDone() throws Exception {
        try (FfmVerbsProvider verbs = Lab.provider();
                BufferPool serverBuffers = newPool();
                BufferPool clientBuffers = newPool();
                RpcServer server = RpcServer.builder()
                        .buffers(serverBuffers)
                        .transport(new RdmaTransportProvider(RdmaConfig.defaults(), verbs))
                        .listen("rdma://" + Lab.addresses(verbs).getFirst().getHostAddress() + ":0")
                        .start();
                RpcClient client = RpcClient.builder()
                        .buffers(clientBuffers)
                        .transport(new RdmaTransportProvider(RdmaConfig.defaults(), verbs))
                        .build();
                Buffer remote = serverBuffers.acquire(SIZE);
                Buffer target = serverBuffers.acquire(8);
                Buffer local = clientBuffers.acquire(SIZE)) {
            Pattern.fill(remote.segment(), 1);
            var source = remote.remote(Access.READ);
            var other = target.remote(Access.WRITE);
            for (int i = 0; i < BATCHES; i++) {
                local.segment().fill((byte) 0);
                client.peer(server.address())
                        .batch()
                        .read(source, local.segment())
                        .write(local.segment().asSlice(0, 8), other)
                        .execute();
                assertEquals(-1, local.segment().mismatch(remote.segment()), "batch " + i);
            }
        }
    }

    private static BufferPool newPool() {
        return new BufferPool(new BufferPoolConfig(4 * SIZE, SIZE), Environment.system());
    }
}
