package dev.weft.rpc.rdma.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import dev.weft.rpc.rdma.verbs.PostFailedException;
import dev.weft.rpc.rdma.verbs.VerbsEnd;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import dev.weft.rpc.testkit.Simulation;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is done to a pair of queue pairs: each request is accounted for once, in order. */
final class QueuePairProperties {
    /** What a step does; some of them fail the queue pair. */
    enum Step {
        WRITE,
        WRITE_UNSIGNALLED,
        READ,
        SEND,
        SEND_UNSIGNALLED,
        POST_RECEIVE,
        WRITE_WRONG_KEY,
        POLL,
        WAIT,
        INJECT_FAILURE,
        CUT,
        MEND,
        DISCONNECT
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> mostly = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(10, Step.WRITE),
                net.jqwik.api.Tuple.of(10, Step.WRITE_UNSIGNALLED),
                net.jqwik.api.Tuple.of(10, Step.READ),
                net.jqwik.api.Tuple.of(6, Step.SEND),
                net.jqwik.api.Tuple.of(6, Step.SEND_UNSIGNALLED),
                net.jqwik.api.Tuple.of(14, Step.POST_RECEIVE),
                net.jqwik.api.Tuple.of(1, Step.WRITE_WRONG_KEY),
                net.jqwik.api.Tuple.of(10, Step.POLL),
                net.jqwik.api.Tuple.of(10, Step.WAIT),
                net.jqwik.api.Tuple.of(1, Step.INJECT_FAILURE),
                net.jqwik.api.Tuple.of(1, Step.CUT),
                net.jqwik.api.Tuple.of(1, Step.MEND),
                net.jqwik.api.Tuple.of(1, Step.DISCONNECT));
        return mostly.list().ofMinSize(1).ofMaxSize(120);
    }

    @Property(tries = 300)
    void accountsForEachRequestOnce(
            @ForAll("steps") List<Step> steps, @ForAll boolean delayed, @ForAll boolean patient) {
        Simulation.run(steps.hashCode(), simulation -> {
            var fabric = SoftwareFabric.simulated(simulation.environment());
            var server = fabric.device("s0", "10.0.0.1");
            var client = fabric.device("c0", "10.0.0.2");
            var fixture = new VerbsFixture(
                    fabric.host(server),
                    fabric.host(client),
                    InetAddress.ofLiteral("10.0.0.1"),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of());
            try (VerbsPair pair = new VerbsPair(fixture, patient ? 7 : 0)) {
                if (delayed) {
                    fabric.faults().delay(Duration.ofNanos(10_000), Duration.ofMillis(2));
                }
                Model model = new Model(pair);
                for (Step step : steps) {
                    switch (step) {
                        case WRITE -> model.post(IbvSendWR.IBV_WR_RDMA_WRITE, true, true);
                        case WRITE_UNSIGNALLED -> model.post(IbvSendWR.IBV_WR_RDMA_WRITE, false, true);
                        case READ -> model.post(IbvSendWR.IBV_WR_RDMA_READ, true, true);
                        case SEND -> model.post(IbvSendWR.IBV_WR_SEND, true, true);
                        case SEND_UNSIGNALLED -> model.post(IbvSendWR.IBV_WR_SEND, false, true);
                        case WRITE_WRONG_KEY -> model.post(IbvSendWR.IBV_WR_RDMA_WRITE, false, false);
                        case POST_RECEIVE -> model.receive();
                        case POLL -> model.poll();
                        case WAIT -> simulation.environment().clock().sleep(Duration.ofMillis(1));
                        case INJECT_FAILURE -> fabric.faults().fail(pair.client.qp, IbvWcStatus.IBV_WC_GENERAL_ERR);
                        case CUT -> fabric.faults().cut(client, server);
                        case MEND -> fabric.faults().mend(client, server);
                        case DISCONNECT -> model.disconnect();
                    }
                }
                // Longer than the retries of a cut link, so that all that can end has ended; then the rest is flushed.
                simulation.environment().clock().sleep(Duration.ofSeconds(2));
                model.disconnect();
                simulation.environment().clock().sleep(Duration.ofSeconds(2));
                model.finish();
            }
            fabric.faults().calm();
            assertEquals(OpenObjects.NONE, fabric.open());
        });
    }

    /** What must be reported, and what was. */
    private static final class Model {
        private final VerbsPair pair;
        private final Map<Long, Boolean> signalled = new HashMap<>();
        private long posted;
        private long receivesPosted;
        private long lastSend = -1;
        private long lastReceive = -1;
        private boolean failed;
        private boolean disconnected;

        Model(VerbsPair pair) {
            this.pair = pair;
        }

        void post(int opcode, boolean isSignalled, boolean rightKey) throws IOException {
            poll();
            int key = pair.server.region.getRkey() + (rightKey ? 0 : 0x10101);
            int flags = isSignalled ? IbvSendWR.IBV_SEND_SIGNALED : 0;
            try {
                pair.client.post(posted, opcode, flags, 0, 0, 8, pair.server.address(0), key);
                signalled.put(posted, isSignalled);
                posted++;
            } catch (PostFailedException e) {
                assertEquals(0, e.posted());
                assertTrue(signalled.size() >= VerbsEnd.SENDS, signalled.size() + " requests fill the queue");
            }
        }

        void receive() throws IOException {
            if (receivesPosted - lastReceive <= VerbsEnd.RECEIVES) {
                pair.server.receive(receivesPosted++, 0, 100);
            }
        }

        void poll() throws IOException {
            IbvWC[] one = {new IbvWC()};
            while (pair.client.cq.poll(one, 1).execute().getPolls() > 0) {
                takeSend(one[0]);
            }
            while (pair.server.cq.poll(one, 1).execute().getPolls() > 0) {
                assertEquals(lastReceive + 1, one[0].getWr_id(), "a receive request was left out");
                lastReceive = one[0].getWr_id();
            }
        }

        private void takeSend(IbvWC completion) {
            long wrId = completion.getWr_id();
            assertTrue(wrId > lastSend, "out of order: " + wrId + " after " + lastSend);
            boolean success = completion.getStatus() == 0;
            assertTrue(!success || !failed, "success after a failure");
            for (long passed = lastSend + 1; passed <= wrId; passed++) {
                assertTrue(signalled.containsKey(passed), "reported twice: " + passed);
                boolean reported = Boolean.TRUE.equals(signalled.remove(passed));
                if (passed < wrId) {
                    assertTrue(!reported && !failed, "no completion of " + passed);
                }
            }
            failed |= !success;
            lastSend = wrId;
        }

        void disconnect() throws IOException {
            if (!disconnected) {
                pair.client.id.disconnect();
                pair.server.id.disconnect();
                disconnected = true;
            }
        }

        void finish() throws IOException {
            poll();
            for (Map.Entry<Long, Boolean> left : signalled.entrySet()) {
                assertTrue(!left.getValue() && !failed, "no completion of " + left.getKey());
            }
            assertEquals(receivesPosted - 1, lastReceive, "receive requests that never ended");
        }
    }
}
