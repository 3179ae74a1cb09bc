package dev.weft.rpc.rdma.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import dev.weft.rpc.rdma.verbs.VerbsEnd;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import dev.weft.rpc.testkit.Simulation;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** All that happens on a fabric in a simulation follows from the seed. */
final class SoftwareReplayTest {
    private static final int PAIRS = 3;
    private static final int REQUESTS = 40;

    @Test
    void sameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 10; seed++) {
            assertEquals(trafficUnderFaults(seed), trafficUnderFaults(seed), "seed " + seed);
        }
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        assertNotEquals(trafficUnderFaults(1), trafficUnderFaults(2));
    }

    private static String trafficUnderFaults(long seed) {
        return Simulation.run(seed, simulation -> {
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
            List<VerbsPair> pairs = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                pairs.add(new VerbsPair(fixture).sleeping());
            }
            fabric.faults().delay(Duration.ofNanos(1_000), Duration.ofMillis(3));
            fabric.faults().failRequests(10_000, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
            fabric.faults().disorder(200_000);
            List<Thread> users = new ArrayList<>();
            for (VerbsPair pair : pairs) {
                Thread user = pair.client.provider.thread("user", () -> use(simulation, pair));
                user.start();
                users.add(user);
            }
            simulation.environment().clock().sleep(Duration.ofMillis(20));
            fabric.faults().cut(server, client);
            simulation.environment().clock().sleep(Duration.ofMillis(500));
            fabric.faults().mend(server, client);
            for (Thread user : users) {
                user.join();
            }
            for (VerbsPair pair : pairs) {
                pair.close();
            }
            assertEquals(OpenObjects.NONE, fabric.open());
        });
    }

    private static void use(Simulation simulation, VerbsPair pair) {
        VerbsEnd client = pair.client;
        try {
            for (int i = 0; i < REQUESTS; i++) {
                int opcode = i % 2 == 0 ? IbvSendWR.IBV_WR_RDMA_WRITE : IbvSendWR.IBV_WR_RDMA_READ;
                client.oneSided(i, opcode, 16L * i, 16, pair.server);
                IbvWC completion = client.completion();
                simulation.log(client.qp.getQp_num() + " " + completion.getWr_id() + " " + completion.getStatus());
                if (completion.getStatus() != 0) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
