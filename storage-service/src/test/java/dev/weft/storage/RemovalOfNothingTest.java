package dev.weft.storage;

import static dev.weft.api.cluster.PublicState.OFFLINE;
import static dev.weft.api.cluster.PublicState.SERVING;
import static dev.weft.storage.FakeManager.target;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RemovalOfNothingTest extends ChainTest {
    private static final ChunkId CHUNK = new ChunkId(100, 0);
    private static final WriteTag REMOVAL = new WriteTag(new UUID(8, 8), 3, 1);

    @BeforeEach
    void start() throws Exception {
        remove();
        cluster.write(CHUNK, 0, "written since");
    }

    @Test
    void askedForAgainRemovesNothingThatWasWrittenSince() throws Exception {
        remove();
        assertEquals("written since", cluster.read(1, CHUNK));
    }

    @Test
    void askedForAgainAtAnotherHeadRemovesNothingEither() throws Exception {
        cluster.manager.publish(target(3, SERVING), target(1, OFFLINE), target(2, OFFLINE));
        remove();
        assertEquals("written since", cluster.read(3, CHUNK));
    }

    @Test
    void thatTheHeadDidNotHearOfItsEndIsMadeByAllOnceThereIsSomething() throws Exception {
        ChunkId other = new ChunkId(100, 1);
        WriteTag tag = new WriteTag(new UUID(8, 8), 4, 1);
        UpdateRequest removal = new UpdateRequest(cluster.chain(), other, tag, new ChunkOperation.Remove());
        cluster.service(2).forward(new ForwardRequest(2, removal, 1, 0, false, false));
        cluster.write(other, 0, "written since");

        long removed = cluster.update(tag, other, new ChunkOperation.Remove()).version();

        for (int node = 1; node <= 3; node++) {
            assertEquals("(none)", cluster.read(node, other), "node " + node);
        }
        assertEquals(
                removed, cluster.update(tag, other, new ChunkOperation.Remove()).version());
    }

    @Test
    void thatRemovedSomethingElsewhereIsAnsweredSoByEveryHead() throws Exception {
        ChunkId other = new ChunkId(100, 1);
        WriteTag tag = new WriteTag(new UUID(8, 8), 4, 1);
        UpdateRequest removal = new UpdateRequest(cluster.chain(), other, tag, new ChunkOperation.Remove());
        cluster.service(3).forward(new ForwardRequest(3, removal, 5, 4, true, false));
        cluster.manager.publish(target(3, SERVING), target(1, OFFLINE), target(2, OFFLINE));
        assertEquals(5, cluster.update(tag, other, new ChunkOperation.Remove()).version());
    }

    private void remove() throws Exception {
        assertEquals(
                0, cluster.update(REMOVAL, CHUNK, new ChunkOperation.Remove()).version());
    }
}
