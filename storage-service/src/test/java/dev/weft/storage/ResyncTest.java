package dev.weft.storage;

import static dev.weft.api.cluster.PublicState.OFFLINE;
import static dev.weft.api.cluster.PublicState.SERVING;
import static dev.weft.api.cluster.PublicState.SYNCING;
import static dev.weft.storage.FakeManager.target;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Filling;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.storage.ChunkId;
import dev.weft.rpc.Environment;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ResyncTest extends ChainTest {
    private static final int CHUNKS = 60;

    /** Those that are on their way when a node ends may be there and not counted, or go twice. */
    private static final int IN_FLIGHT = 10;

    private static final String TEXT = "0123456789".repeat(100);

    @BeforeEach
    void start() throws Exception {
        cluster.stop(3);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, OFFLINE));
        for (int index = 0; index < CHUNKS; index++) {
            cluster.write(new ChunkId(100, index), 0, TEXT);
        }
    }

    @Test
    void whatWasBroughtIsNotBroughtAgainAfterARestartOfWhoeverIsFilled() throws Exception {
        cluster.server(2).filler().setRate(200L * TEXT.length());
        beginToFill();
        awaitRecovered(20);
        cluster.stop(3);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, OFFLINE));
        cluster.server(2).filler().setRate(0);
        beginToFill();
        cluster.manager.await(3, LocalState.UP_TO_DATE);
        assertTrue(Math.abs(recovered() - CHUNKS) <= IN_FLIGHT, "brought " + recovered());
    }

    @Test
    void whatWasBroughtIsNotBroughtAgainAfterARestartOfWhoeverFills() throws Exception {
        cluster.server(2).filler().setRate(200L * TEXT.length());
        beginToFill();
        awaitRecovered(20);
        long before = recovered();
        cluster.stop(2);
        cluster.manager.publish(target(1, SERVING), target(3, SYNCING), target(2, OFFLINE));
        cluster.manager.await(3, LocalState.UP_TO_DATE);
        long after = cluster.server(1).counters().getOrDefault("storage.chunk-recovered", 0L);
        assertTrue(Math.abs(before + after - CHUNKS) <= IN_FLIGHT, "brought " + before + " and " + after);
    }

    @Test
    void tellsHowFarItHasGot() throws Exception {
        cluster.server(2).filler().setRate(100L * TEXT.length());
        beginToFill();
        awaitRecovered(5);
        Filling filling = cluster.manager.awaitFilling(2);
        assertEquals(3, filling.targetId());
        assertEquals(CHUNKS, filling.chunks());
        assertEquals((long) CHUNKS * TEXT.length(), filling.bytes());
        assertTrue(filling.chunksDone() < CHUNKS);
        assertEquals(filling.chunksDone() * TEXT.length(), filling.bytesDone());
        cluster.server(2).filler().setRate(0);
        cluster.manager.await(3, LocalState.UP_TO_DATE);
        assertEquals((long) CHUNKS * TEXT.length(), cluster.server(2).counters().get("storage.recovered-bytes"));
        cluster.manager.awaitNoFilling(2);
    }

    @Test
    void aRateHoldsItBack() throws Exception {
        cluster.server(2).filler().setRate(100L * TEXT.length());
        long begin = System.nanoTime();
        beginToFill();
        cluster.manager.await(3, LocalState.UP_TO_DATE);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.compareTo(Duration.ofMillis(400)) > 0, "60 chunks at 100 each second took " + took);
    }

    private void beginToFill() throws Exception {
        cluster.start(3);
        cluster.manager.await(3, LocalState.ONLINE);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, SYNCING));
    }

    private void awaitRecovered(long count) throws InterruptedException {
        while (recovered() < count) {
            Environment.system().clock().sleep(Duration.ofMillis(1));
        }
    }

    private long recovered() {
        return Optional.ofNullable(cluster.server(2).counters().get("storage.chunk-recovered"))
                .orElse(0L);
    }
}
