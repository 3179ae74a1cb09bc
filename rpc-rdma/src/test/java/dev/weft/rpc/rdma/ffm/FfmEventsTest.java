package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.ibm.disni.verbs.IbvSendWR;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.PostFailedException;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rdma")
class FfmEventsTest {
    private static final int ROUNDS_MAX = 100_000;

    /** An overrun is what a test can bring about without touching the machine's network. */
    @Test
    void tellEachListenerOfACompletionQueueThatOverran() throws Exception {
        VerbsFixture fixture = Lab.fixture();
        BlockingQueue<DeviceEvent> first = new LinkedBlockingQueue<>();
        BlockingQueue<DeviceEvent> second = new LinkedBlockingQueue<>();
        BlockingQueue<DeviceEvent> gone = new LinkedBlockingQueue<>();
        try (var pair = new VerbsPair(fixture)) {
            var context = pair.client.id.getVerbs();
            try (var one = fixture.client().onEvent(context, first::add);
                    var other = fixture.client().onEvent(context, second::add)) {
                fixture.client().onEvent(context, gone::add).close();
                assertNotNull(one);
                assertNotNull(other);
                overrun(pair, first);
                var expected = new DeviceEvent(DeviceEvent.Kind.COMPLETION_QUEUE_ERROR, 0);
                assertEquals(expected, first.poll(10, TimeUnit.SECONDS));
                assertEquals(expected, second.poll(10, TimeUnit.SECONDS));
                assertEquals(0, gone.size());
            }
            pair.client.id.disconnect();
            pair.server.id.disconnect();
        }
        fixture.client().close();
    }

    /** Posts until somebody has complained, and takes no completion. */
    private static void overrun(VerbsPair pair, BlockingQueue<DeviceEvent> events) throws IOException {
        for (int round = 0; round < ROUNDS_MAX && events.isEmpty(); round++) {
            try {
                pair.client.oneSided(round, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 8, pair.server);
            } catch (PostFailedException e) {
                Thread.onSpinWait();
            }
        }
    }
}
