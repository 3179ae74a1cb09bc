package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;
import dev.weft.rpc.Environment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class RelaxedReadTest extends ChainTest {
    private static final ChunkId CHUNK = new ChunkId(100, 0);

    @Test
    void onlyARelaxedReadSeesWhatTheTailHasNot() throws Exception {
        cluster.write(CHUNK, 0, "before");
        cluster.cutOff(3);
        FutureTask<UpdateReply> write = new FutureTask<>(() -> cluster.write(CHUNK, 0, "after!"));
        Thread.startVirtualThread(write);
        awaitPending(2);
        ReadResult.Found relaxed = found(read(2, true));
        assertEquals("after!", text(relaxed));
        assertEquals(2, relaxed.version());
        assertTrue(relaxed.pending());
        // The tail cannot be asked whether it has the change.
        assertInstanceOf(ReadResult.Failed.class, read(2, false));
        ReadResult.Found atTail = found(read(3, false));
        assertEquals("before", text(atTail));
        assertFalse(atTail.pending());
        cluster.heal(3);
        write.get();
        for (int node = 1; node <= 3; node++) {
            ReadResult.Found committed = found(read(node, true));
            assertEquals("after!", text(committed));
            assertFalse(committed.pending());
        }
    }

    @Test
    void aRelaxedReadOfAChunkThatIsBeingRemovedFindsNothing() throws Exception {
        cluster.write(CHUNK, 0, "before");
        cluster.cutOff(3);
        FutureTask<UpdateReply> removal =
                new FutureTask<>(() -> cluster.update(cluster.nextTag(), CHUNK, new ChunkOperation.Remove()));
        Thread.startVirtualThread(removal);
        awaitPending(2);
        assertInstanceOf(ReadResult.NotFound.class, read(2, true));
        assertEquals("before", text(found(read(3, true))));
        cluster.heal(3);
        removal.get();
        assertInstanceOf(ReadResult.NotFound.class, read(3, true));
    }

    private void awaitPending(int node) throws Exception {
        while (!cluster.hasPending(node, CHUNK)) {
            Environment.system().clock().sleep(Duration.ofMillis(5));
        }
    }

    private ReadResult read(int node, boolean relaxed) {
        ReadPiece piece = new ReadPiece(cluster.chain(), node, CHUNK, 0, 100, Optional.empty());
        return cluster.service(node)
                .read(new ReadRequest(List.of(piece), relaxed))
                .results()
                .getFirst();
    }

    private static ReadResult.Found found(ReadResult result) {
        return assertInstanceOf(ReadResult.Found.class, result, result::toString);
    }

    private static String text(ReadResult.Found found) {
        return new String(found.bytes().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
