package dev.weft.rpc.rdma.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.sun.management.ThreadMXBean;
import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.verbs.RecvChain;
import dev.weft.rpc.rdma.verbs.SendChain;
import dev.weft.rpc.rdma.verbs.VerbsEnd;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** In real time, with the environment's own chance and threads. */
final class SoftwareHotPathTest {
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 20_000;

    private final SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
    private final VerbsFixture fixture = new VerbsFixture(
            fabric.host(fabric.device("s0", "10.0.0.1")),
            fabric.host(fabric.device("c0", "10.0.0.2")),
            InetAddress.ofLiteral("10.0.0.1"),
            Optional.empty(),
            Optional.empty(),
            Set.of());

    @Test
    void allocatesNothingInTheSteadyState() throws Exception {
        try (VerbsPair pair = new VerbsPair(fixture)) {
            var exchange = new Exchange(pair);
            exchange.run(WARM_UP);
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            long cost = threads.getCurrentThreadAllocatedBytes() - before;
            exchange.run(ROUNDS);
            long after = threads.getCurrentThreadAllocatedBytes();
            // One byte per round would be 20,000: what is left is for the compiler that may come in between.
            assertTrue(after - before - 2 * cost < 2_000, (after - before) + " bytes in " + ROUNDS + " rounds");
            exchange.free();
        }
    }

    /** A chain of four reads and a message with its receive request, all polled. */
    private static final class Exchange {
        private final SendChain sends;
        private final RecvChain receives;
        private final SVCPollCq clientPoll;
        private final SVCPollCq serverPoll;
        private final VerbsPair pair;

        Exchange(VerbsPair pair) throws IOException {
            this.pair = pair;
            sends = pair.client.provider.sendChain(pair.client.qp, 5, 2);
            receives = pair.server.provider.recvChain(pair.server.qp, 1);
            clientPoll = pair.client.cq.poll(new IbvWC[] {new IbvWC(), new IbvWC()}, 2);
            serverPoll = pair.server.cq.poll(new IbvWC[] {new IbvWC(), new IbvWC()}, 2);
        }

        void run(int rounds) throws IOException {
            for (int i = 0; i < rounds; i++) {
                receives.clear();
                receives.add(i, pair.server.address(0), 64, pair.server.region.getLkey());
                receives.execute();
                sends.clear();
                for (int j = 0; j < 4; j++) {
                    sends.add(
                            i, IbvSendWR.IBV_WR_RDMA_READ, 0, 0, pair.server.address(64), pair.server.region.getRkey());
                    sends.addSge(pair.client.address(64), 100, pair.client.region.getLkey());
                    sends.addSge(pair.client.address(264), 100, pair.client.region.getLkey());
                }
                sends.add(i, IbvSendWR.IBV_WR_SEND_WITH_IMM, IbvSendWR.IBV_SEND_SIGNALED, i, 0, 0);
                sends.addSge(pair.client.address(0), 64, pair.client.region.getLkey());
                sends.execute();
                if (clientPoll.execute().getPolls() != 1 || serverPoll.execute().getPolls() != 1) {
                    throw new AssertionError("round " + i);
                }
            }
        }

        void free() {
            sends.free();
            receives.free();
        }
    }

    @Test
    void copiesNothingMoreOnceARegionHasEnded() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (VerbsPair pair = new VerbsPair(fixture)) {
                VerbsEnd server = pair.server;
                IbvMr target = server.provider.register(server.pd, server.memory, VerbsEnd.ACCESS_ALL);
                pair.client.memory.fill((byte) 1);
                AtomicReference<Object> outcome = new AtomicReference<>();
                Thread writer =
                        pair.client.provider.thread("writer", () -> outcome.set(writeUntilRefused(pair, target)));
                writer.start();
                while (server.bytes(0, 1)[0] == 0) {
                    Thread.onSpinWait();
                }
                target.deregMr().execute().free();
                server.memory.fill((byte) 0);
                writer.join();
                assertEquals(10, outcome.get());
                assertEquals(
                        -1,
                        server.memory.mismatch(java.lang.foreign.Arena.global().allocate(VerbsEnd.MEMORY_BYTES)));
            }
        }
    }

    private static Object writeUntilRefused(VerbsPair pair, IbvMr target) {
        try {
            while (true) {
                pair.client.post(
                        1,
                        IbvSendWR.IBV_WR_RDMA_WRITE,
                        IbvSendWR.IBV_SEND_SIGNALED,
                        0,
                        0,
                        VerbsEnd.MEMORY_BYTES,
                        pair.server.address(0),
                        target.getRkey());
                int status = pair.client.completion().getStatus();
                if (status != 0) {
                    return status;
                }
            }
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void keepsTheOrderOfRequestsOfManyThreads() throws Exception {
        try (VerbsPair pair = new VerbsPair(fixture)) {
            Thread[] users = new Thread[4];
            AtomicReference<Object> failure = new AtomicReference<>();
            for (int t = 0; t < users.length; t++) {
                int user = t;
                users[t] = pair.client.provider.thread("user", () -> {
                    try {
                        for (int i = 0; i < 3; i++) {
                            pair.client.post(
                                    user * 10L + i,
                                    IbvSendWR.IBV_WR_RDMA_WRITE,
                                    IbvSendWR.IBV_SEND_SIGNALED,
                                    0,
                                    100L * user,
                                    100,
                                    pair.server.address(100L * user),
                                    pair.server.region.getRkey());
                        }
                    } catch (IOException e) {
                        failure.set(e);
                    }
                });
                users[t].start();
            }
            for (Thread user : users) {
                user.join();
            }
            assertEquals(null, failure.get());
            int[] next = new int[users.length];
            for (IbvWC completion : pair.client.completions(3 * users.length)) {
                int user = (int) completion.getWr_id() / 10;
                assertEquals(user * 10L + next[user]++, completion.getWr_id());
            }
        }
    }
}
