package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.MemoryRequest;
import dev.weft.rpc.testkit.Pattern;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A call that was given up may still be writing into the caller's memory, and a packet that is on its way cannot be called
 * back. So the pool gets the memory when the writer has let go of it, or when no queue pair is left by which it could write.
 */
final class LateWriteTest {
    private static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);

    /** All that the pool has, so that the next owner can have no other memory. */
    private static final int SIZE = 4 << 20;

    private static final RdmaConfig CONFIG = RdmaConfig.builder()
            .timeouts(Duration.ofSeconds(3), Duration.ofSeconds(2))
            .build();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nextOwnerGetsTheMemoryWhenTheWriterHasLetGo(long seed) {
        TwoHosts.run(seed, CONFIG, hosts -> {
            hosts.service.echo(new EchoRequest("connect", NO_BYTES));
            hosts.faults().delay(Duration.ofMillis(100), Duration.ofMillis(300));
            giveUpACallThatWrites(hosts);
            assertNothingComesLate(hosts, 2_000);
            hosts.faults().calm();
            hosts.service.echo(new EchoRequest("the others go on", NO_BYTES));
            assertEquals(1, hosts.server.connections());
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void writerThatDoesNotLetGoLosesTheConnection(long seed) {
        TwoHosts.run(seed, CONFIG, hosts -> {
            hosts.service.echo(new EchoRequest("connect", NO_BYTES));
            hosts.faults().delay(Duration.ofMillis(100), Duration.ofMillis(300));
            hosts.faults().retryTime(Duration.ofSeconds(60));
            giveUpACallThatWrites(hosts);
            hosts.cut(0);
            hosts.cut(1);
            assertNothingComesLate(hosts, 4_000);
            hosts.faults().calm();
            hosts.within(10_000, () -> hosts.service.echo(new EchoRequest("over a new connection", NO_BYTES)));
        });
    }

    private static void giveUpACallThatWrites(TwoHosts hosts) {
        try (Buffer buffer = hosts.clientBuffers.acquire(SIZE)) {
            MemoryRequest request = new MemoryRequest(buffer.remote(Access.WRITE));
            RpcException e = assertThrows(
                    RpcException.class, () -> hosts.within(1_000, () -> hosts.service.writeMemory(request)));
            assertEquals(StatusCode.DEADLINE_EXCEEDED, e.code());
        }
    }

    private static void assertNothingComesLate(TwoHosts hosts, long millisMax) throws InterruptedException {
        long freed = hosts.now();
        try (Buffer next =
                hosts.clientBuffers.acquire(SIZE, freed + Duration.ofSeconds(30).toNanos())) {
            long millis = (hosts.now() - freed) / 1_000_000;
            assertTrue(millis > 0, "the pool had the memory while it was being written, so this shows nothing");
            assertTrue(millis <= millisMax, "after " + millis + " ms");
            Pattern.fill(next.segment(), 7);
            hosts.mend(0);
            hosts.mend(1);
            hosts.sleep(10_000);
            assertEquals(-1, next.segment().mismatch(Pattern.bytes(SIZE, 7)));
        }
    }
}
