package dev.weft.storage;

import static dev.weft.api.cluster.PublicState.OFFLINE;
import static dev.weft.api.cluster.PublicState.SERVING;
import static dev.weft.api.cluster.PublicState.SYNCING;
import static dev.weft.storage.FakeManager.target;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.LocalState;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.UpdateReply;
import org.junit.jupiter.api.Test;

final class VersionGrowthTest extends ChainTest {
    private static final ChunkId CHUNK = new ChunkId(100, 0);

    @Test
    void aChunkThatIsCreatedAgainGoesOnAboveItsLastVersion() throws Exception {
        cluster.write(CHUNK, 0, "one");
        cluster.write(CHUNK, 0, "two");
        UpdateReply removal = remove(CHUNK);
        assertEquals(3, removal.version());
        assertEquals(4, cluster.write(CHUNK, 0, "again").version());
        assertEquals("again", cluster.read(3, CHUNK));
        assertEquals(5, cluster.write(CHUNK, 0, "AGAIN").version());
    }

    @Test
    void whoWasFilledAfterTheRemovalKnowsOfItToo() throws Exception {
        cluster.write(CHUNK, 0, "one");
        cluster.write(CHUNK, 0, "two");
        cluster.stop(3);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, OFFLINE));
        for (int i = 0; i < 5; i++) {
            cluster.write(CHUNK, 0, "more");
        }
        long removed = remove(CHUNK).version();
        fill3();
        cluster.manager.publish(target(3, SERVING), target(1, OFFLINE), target(2, OFFLINE));
        assertTrue(cluster.write(CHUNK, 0, "again").version() > removed);
    }

    @Test
    void whoHadNotTheChunkWhenItWasRemovedDuringTheFillingKnowsOfItToo() throws Exception {
        cluster.stop(3);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, OFFLINE));
        for (int i = 0; i < 6; i++) {
            cluster.write(CHUNK, 0, "version");
        }
        cluster.start(3);
        cluster.manager.await(3, LocalState.ONLINE);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, SYNCING));
        long removed = remove(CHUNK).version();
        cluster.manager.await(3, LocalState.UP_TO_DATE);
        cluster.manager.publish(target(3, SERVING), target(1, OFFLINE), target(2, OFFLINE));
        assertTrue(cluster.write(CHUNK, 0, "again").version() > removed);
    }

    private void fill3() throws Exception {
        cluster.start(3);
        cluster.manager.await(3, LocalState.ONLINE);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, SYNCING));
        cluster.manager.await(3, LocalState.UP_TO_DATE);
    }

    private UpdateReply remove(ChunkId chunk) throws Exception {
        return cluster.update(cluster.nextTag(), chunk, new ChunkOperation.Remove());
    }
}
