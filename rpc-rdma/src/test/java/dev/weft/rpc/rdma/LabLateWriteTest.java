package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.ffm.Lab;
import dev.weft.rpc.testkit.ContractService;
import dev.weft.rpc.testkit.ContractServiceRpc;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.MemoryRequest;
import dev.weft.rpc.testkit.Pattern;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As {@link LateWriteTest}, with a device that really writes: calls are given up in the middle of it, again and again. */
@Tag("rdma")
final class LabLateWriteTest {
    private static final int SIZE = 4 << 20;
    private static final int CALLS = 60;

    private final Environment environment = Environment.system();

    @Test
    void nextOwnerGetsTheMemoryWhenTheWriterHasLetGo() throws Exception {
        try (FfmVerbsProvider verbs = Lab.provider();
                BufferPool serverBuffers = newPool(8 * SIZE);
                BufferPool clientBuffers = newPool(SIZE);
                RpcServer server = RpcServer.builder()
                        .buffers(serverBuffers)
                        .transport(new RdmaTransportProvider(RdmaConfig.defaults(), verbs))
                        .bind(ContractServiceRpc.SERVICE, new StormService(serverBuffers))
                        .listen("rdma://" + Lab.addresses(verbs).getFirst().getHostAddress() + ":0")
                        .start();
                RpcClient client = RpcClient.builder()
                        .config(ClientConfig.defaults().withRetry(RetryPolicy.none()))
                        .buffers(clientBuffers)
                        .transport(new RdmaTransportProvider(RdmaConfig.defaults(), verbs))
                        .build()) {
            ContractService service = client.stub(ContractServiceRpc.SERVICE, server.address());
            service.echo(new EchoRequest("connect", MemorySegment.NULL));
            int givenUp = 0;
            Duration timeout = Duration.ofMillis(20);
            for (int i = 0; i < CALLS; i++) {
                boolean late = givesUpOnACall(service, clientBuffers, timeout);
                givenUp += late ? 1 : 0;
                // So that the next call, however fast the machine is, ends about when it is given up.
                timeout = timeout.multipliedBy(late ? 13 : 7).dividedBy(10);
                assertNothingComesLate(clientBuffers, i);
            }
            assertTrue(
                    givenUp > CALLS / 8 && givenUp < CALLS * 7 / 8, givenUp + " of " + CALLS + " calls were given up");
            service.echo(new EchoRequest("the others go on", MemorySegment.NULL));
            assertEquals(1, server.connections());
        }
    }

    private boolean givesUpOnACall(ContractService service, BufferPool buffers, Duration timeout) {
        try (Buffer buffer = acquire(buffers)) {
            MemoryRequest request = new MemoryRequest(buffer.remote(Access.WRITE));
            Context.current().withTimeout(timeout, environment.clock()).run(() -> service.writeMemory(request));
            return false;
        } catch (RpcException e) {
            return true;
        }
    }

    private void assertNothingComesLate(BufferPool buffers, int seed) throws InterruptedException {
        try (Buffer next = acquire(buffers)) {
            Pattern.fill(next.segment(), seed);
            environment.clock().sleep(Duration.ofMillis(20));
            assertEquals(-1, next.segment().mismatch(Pattern.bytes(SIZE, seed)), "after call " + seed);
        }
    }

    private Buffer acquire(BufferPool buffers) {
        return buffers.acquire(
                SIZE, environment.clock().nanoTime() + Duration.ofSeconds(10).toNanos());
    }

    private BufferPool newPool(int bytes) {
        return new BufferPool(new BufferPoolConfig(bytes, SIZE), environment);
    }
}
