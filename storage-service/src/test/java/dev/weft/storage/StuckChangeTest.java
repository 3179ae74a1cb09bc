package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A change that is pending at the head, since its successor did not take it, and given up by its client. */
final class StuckChangeTest extends ChainTest {
    private static final ChunkId CHUNK = new ChunkId(100, 0);
    private static final ChunkId OTHER = new ChunkId(100, 3);
    private static final UUID CLIENT = new UUID(8, 8);

    @Test
    void isBroughtToItsEndAlthoughItsClientHasGoneOnInTheSameChannel() throws Exception {
        ChunkOperation truncate = new ChunkOperation.Truncate(TestCluster.CHUNK_SIZE, 5);
        UpdateRequest stuck = new UpdateRequest(cluster.chain(), CHUNK, new WriteTag(CLIENT, 1, 1), truncate);
        cluster.cutOff(2);
        assertThrows(StorageException.class, () -> cluster.service(1).update(stuck));
        cluster.heal(2);
        cluster.update(new WriteTag(CLIENT, 1, 2), OTHER, truncate);
        assertEquals(2, cluster.write(CHUNK, 0, "goes on").version());
        assertEquals("goes on", cluster.read(3, CHUNK));
    }
}
