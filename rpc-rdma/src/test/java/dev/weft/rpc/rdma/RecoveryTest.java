package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.TransferBatch;
import dev.weft.rpc.testkit.EchoRequest;
import dev.weft.rpc.testkit.MemoryRequest;
import dev.weft.rpc.testkit.Pattern;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of work when queue pairs, ways and cards fail under it. */
final class RecoveryTest {
    private static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);
    private static final RdmaConfig ONE_RAIL =
            RdmaConfig.builder().rails(1, 64 << 10).build();
    private static final RdmaConfig TWO_RAILS =
            RdmaConfig.builder().rails(2, 64 << 10).build();

    /** How long a device may keep memory after a deadline, until its queue pair is ended for it. */
    private static final long TAKE_BACK_MILLIS = 400;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void oneSidedWorkIsDoneAgainAfterItsQueuePairHasFailed(long seed) {
        TwoHosts.run(seed, ONE_RAIL, hosts -> {
            hosts.faults().delay(Duration.ofNanos(10_000), Duration.ofNanos(100_000));
            try (Buffer local = hosts.clientBuffers.acquire(2 << 20);
                    Buffer remote = hosts.serverBuffers.acquire(2 << 20)) {
                Pattern.fill(local.segment(), seed);
                hosts.within(5_000, () -> hosts.peer().write(local.segment(), remote.remote(Access.WRITE)));
                assertEquals(0, hosts.clientCount("replays"));
                hosts.faults().failRequests(100_000, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
                for (int i = 0; i < 100 && hosts.clientCount("replays") == 0; i++) {
                    Pattern.fill(local.segment(), seed + i);
                    hosts.within(5_000, () -> hosts.peer().write(local.segment(), remote.remote(Access.WRITE)));
                    assertEquals(-1, local.segment().mismatch(remote.segment()));
                }
                assertTrue(hosts.clientCount("replays") > 0, "nothing failed, so nothing was shown");
                assertTrue(hosts.clientCount("queue-pair-rebuilds") > 0);
                hosts.faults().calm();
            }
            assertEquals(1, hosts.server.connections(), "behind the one connection");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void callOutlivesItsQueuePairAndRunsOnce(long seed) {
        TwoHosts.run(seed, ONE_RAIL, hosts -> {
            hosts.faults().delay(Duration.ofNanos(10_000), Duration.ofNanos(100_000));
            for (int i = 0; i < 50; i++) {
                String name = "call " + i;
                if (i == 5) {
                    hosts.faults().failRequests(100_000, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
                }
                hosts.within(5_000, () -> hosts.service.echo(new EchoRequest(name, NO_BYTES)));
                assertEquals(1, hosts.handler.runs(name));
            }
            hosts.faults().calm();
            assertTrue(hosts.clientCount("queue-pair-rebuilds") > 0, "nothing failed, so nothing was shown");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void callThatMayHaveRunSaysSoWhenThePeerIsGone(long seed) {
        TwoHosts.run(seed, ONE_RAIL, hosts -> {
            hosts.service.echo(new EchoRequest("first", NO_BYTES));
            // The request gets through; the way is cut before its answer is on it.
            hosts.faults().delay(Duration.ofMillis(1), Duration.ofMillis(1));
            Thread cutter = hosts.start(() -> {
                pause(hosts, 1);
                hosts.cut(0);
                hosts.cut(1);
            });
            long began = hosts.now();
            RpcException e = assertThrows(
                    RpcException.class,
                    () -> hosts.within(60_000, () -> hosts.service.echo(new EchoRequest("second", NO_BYTES))));
            assertEquals(StatusCode.CONNECTION_LOST, e.code(), "which is not safe to repeat");
            assertTrue(hosts.now() - began < Duration.ofSeconds(20).toNanos(), "long before the call's own deadline");
            assertEquals(1, hosts.handler.runs("second"));
            cutter.join();
            hosts.faults().calm();
            hosts.within(60_000, () -> hosts.service.echo(new EchoRequest("third", NO_BYTES)));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void transferEndsAtItsDeadlineAndLeavesTheOthersAlone(long seed) {
        TwoHosts.run(seed, ONE_RAIL, hosts -> {
            try (Buffer local = hosts.clientBuffers.acquire(64 << 10);
                    Buffer other = hosts.clientBuffers.acquire(64 << 10);
                    Buffer remote = hosts.serverBuffers.acquire(64 << 10)) {
                Pattern.fill(remote.segment(), seed);
                hosts.peer().read(remote.remote(Access.READ), local.segment());
                hosts.faults().retryTime(Duration.ofSeconds(10));
                hosts.cut(0);
                Thread patient = hosts.start(() ->
                        hosts.within(5_000, () -> hosts.peer().read(remote.remote(Access.READ), other.segment())));
                long began = hosts.now();
                RpcException e = assertThrows(
                        RpcException.class,
                        () -> hosts.within(100, () -> hosts.peer().read(remote.remote(Access.READ), local.segment())));
                long millis = (hosts.now() - began) / 1_000_000;
                assertEquals(StatusCode.DEADLINE_EXCEEDED, e.code());
                assertTrue(millis >= 100 && millis <= 100 + TAKE_BACK_MILLIS, millis + " ms");
                Pattern.fill(local.segment(), 7);
                hosts.mend(0);
                patient.join();
                assertEquals(-1, other.segment().mismatch(remote.segment()));
                assertEquals(-1, local.segment().mismatch(Pattern.bytes(64 << 10, 7)), "nothing came late");
            }
            assertEquals(1, hosts.server.connections());
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void connectionGoesOnOverOneWayAndTakesTheOtherBack(long seed) {
        TwoHosts.run(seed, TWO_RAILS, hosts -> {
            hosts.faults().delay(Duration.ofNanos(10_000), Duration.ofNanos(100_000));
            transfersWork(hosts);
            hosts.sleep(500);
            assertEquals(4, hosts.fabric.open().queuePairs(), "two rails have two ends each");
            for (int way : new int[] {0, 1, 0}) {
                hosts.cut(way);
                transfersWork(hosts);
                hosts.mend(way);
                hosts.sleep(3_000);
                assertEquals(4, hosts.fabric.open().queuePairs(), "way " + way + " is used again");
            }
            assertEquals(1, hosts.server.connections());
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void cardThatIsLostIsUsedAgainWhenItIsBack(long seed) {
        TwoHosts.run(seed, TWO_RAILS, hosts -> {
            transfersWork(hosts);
            hosts.sleep(500);
            hosts.faults().lose(hosts.clientCards[0]);
            transfersWork(hosts);
            hosts.faults().restore(hosts.clientCards[0]);
            hosts.sleep(3_000);
            hosts.faults().lose(hosts.serverCards[1]);
            transfersWork(hosts);
            hosts.faults().restore(hosts.serverCards[1]);
            hosts.sleep(3_000);
            assertEquals(4, hosts.fabric.open().queuePairs());
            hosts.cut(0);
            transfersWork(hosts);
            hosts.mend(0);
            assertEquals(1, hosts.server.connections());
        });
    }

    /** A batch each way and a call, with their bytes checked. */
    private static void transfersWork(TwoHosts hosts) {
        int size = 512 << 10;
        try (Buffer local = hosts.clientBuffers.acquire(size);
                Buffer back = hosts.clientBuffers.acquire(size);
                Buffer remote = hosts.serverBuffers.acquire(size)) {
            Pattern.fill(local.segment(), hosts.now());
            hosts.within(3_000, () -> {
                TransferBatch batch = hosts.peer().batch();
                var memory = remote.remote(Access.READ_WRITE);
                for (int at = 0; at < size; at += 4096) {
                    batch.write(local.segment().asSlice(at, 4096), memory.slice(at, 4096));
                }
                batch.execute();
                hosts.peer().read(memory, back.segment());
                hosts.service.readMemory(new MemoryRequest(local.remote(Access.READ)));
            });
            assertEquals(-1, local.segment().mismatch(back.segment()));
        }
    }

    private static void pause(TwoHosts hosts, long millis) {
        try {
            hosts.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
