package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCReqNotify;
import com.sun.management.ThreadMXBean;
import dev.weft.rpc.rdma.verbs.RecvChain;
import dev.weft.rpc.rdma.verbs.SendChain;
import dev.weft.rpc.rdma.verbs.VerbsEnd;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rdma")
class FfmAllocationTest {
    private static final int CHAIN = 8;
    private static final int WARM_UPS_MAX = 30;
    private static final int ROUNDS = 2_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void postsAndPollsWithoutAllocating() throws Exception {
        VerbsFixture fixture = Lab.fixture();
        try (var pair = new VerbsPair(fixture)) {
            var rounds = new Rounds(pair);
            long allocated = Long.MAX_VALUE;
            // Until all of it is compiled, which takes its time where it sleeps more than it runs.
            for (int warmUp = 0; warmUp < WARM_UPS_MAX && allocated > 0; warmUp++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                rounds.run(ROUNDS);
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertEquals(0, allocated, "bytes of " + ROUNDS + " rounds");
            rounds.free();
        }
        fixture.server().close();
    }

    /** A chain of writes, a message, and a sleep on the channel until the message is there. */
    private static final class Rounds {
        private final VerbsEnd client;
        private final VerbsEnd server;
        private final SendChain chain;
        private final RecvChain receives;
        private final SVCPollCq clientPoll;
        private final SVCPollCq serverPoll;
        private final SVCReqNotify arm;

        Rounds(VerbsPair pair) throws IOException {
            client = pair.client;
            server = pair.server;
            chain = client.provider.sendChain(client.qp, CHAIN + 1, 1);
            receives = server.provider.recvChain(server.qp, 1);
            clientPoll = client.cq.poll(completions(), CHAIN);
            serverPoll = server.cq.poll(completions(), CHAIN);
            arm = server.cq.reqNotification(false);
        }

        private static IbvWC[] completions() {
            var completions = new IbvWC[CHAIN];
            for (int i = 0; i < CHAIN; i++) {
                completions[i] = new IbvWC();
            }
            return completions;
        }

        void run(int rounds) throws IOException {
            for (int round = 0; round < rounds; round++) {
                receives.clear();
                receives.add(round, server.address(0), 64, server.region.getLkey());
                receives.execute();
                arm.execute();
                chain.clear();
                for (int i = 0; i < CHAIN; i++) {
                    chain.add(i, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 0, server.address(4096), server.region.getRkey());
                    chain.addSge(client.address(0), 256, client.region.getLkey());
                }
                chain.add(round, IbvSendWR.IBV_WR_SEND, IbvSendWR.IBV_SEND_SIGNALED, 0, 0, 0);
                chain.addSge(client.address(0), 64, client.region.getLkey());
                chain.execute();
                while (serverPoll.execute().getPolls() == 0) {
                    server.wakeups.getCqEvent(server.cq, 1000);
                    server.cq.ackEvents(1);
                }
                while (clientPoll.execute().getPolls() == 0) {
                    Thread.onSpinWait();
                }
            }
        }

        void free() {
            chain.free();
            receives.free();
            clientPoll.free();
            serverPoll.free();
            arm.free();
        }
    }
}
