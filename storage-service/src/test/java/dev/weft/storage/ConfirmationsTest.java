package dev.weft.storage;

import static dev.weft.api.cluster.PublicState.OFFLINE;
import static dev.weft.api.cluster.PublicState.SERVING;
import static dev.weft.api.cluster.PublicState.SYNCING;
import static dev.weft.storage.FakeManager.target;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.storage.ChunkData;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ConfirmRequest;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Environment;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tail of a chain whose other replicas are played by the test. */
final class ConfirmationsTest extends ChainTest {
    private static final ChunkId CHUNK = new ChunkId(100, 0);
    private static final int TAIL = 3;

    private WriteTag tag;

    @SuppressWarnings("NullAway.Init") // see start
    ConfirmationsTest() {}

    @BeforeEach
    void start() throws Exception {
        cluster.write(CHUNK, 0, "old");
        tag = cluster.nextTag();
    }

    @Test
    void isNeitherShownNorCommittedBeforeItsPredecessorHasIt() throws Exception {
        FutureTask<UpdateReply> forward = forwardAhead("new");
        awaitPending();
        assertEquals("old", cluster.read(TAIL, CHUNK));
        confirm(tag, 2);
        assertEquals(2, forward.get().version());
        assertEquals("new", cluster.read(TAIL, CHUNK));
    }

    @Test
    void takesAWordThatComesFirst() throws Exception {
        confirm(tag, 2);
        assertEquals(2, forwardAhead("new").get().version());
    }

    @Test
    void takesNoWordAboutAnotherChange() throws Exception {
        FutureTask<UpdateReply> forward = forwardAhead("new");
        awaitPending();
        confirm(tag, 3);
        confirm(new WriteTag(tag.client(), tag.channel(), tag.sequence() - 1), 2);
        assertEquals("old", cluster.read(TAIL, CHUNK));
        confirm(tag, 2);
        assertEquals(2, forward.get().version());
    }

    @Test
    void isGivenUpWhenTheChainGoesOnWithoutItsPredecessors() throws Exception {
        FutureTask<UpdateReply> forward = forwardAhead("new");
        awaitPending();
        cluster.manager.publish(target(TAIL, SERVING), target(1, OFFLINE), target(2, OFFLINE));
        ExecutionException refused = assertThrows(ExecutionException.class, forward::get);
        assertInstanceOf(StorageException.class, refused.getCause());
        assertEquals("old", cluster.read(TAIL, CHUNK), "nobody has said that it became of anything");
        // The writer asks the new head, which finishes what it has.
        assertEquals(2, cluster.write(tag, CHUNK, 0, "new").version());
        assertEquals("new", cluster.read(TAIL, CHUNK));
    }

    @Test
    void makesRoomForAnotherChangeOfTheSameVersion() throws Exception {
        FutureTask<UpdateReply> forward = forwardAhead("new");
        awaitPending();
        forward.cancel(true);
        WriteTag other = new WriteTag(tag.client(), tag.channel() + 1, 1);
        assertEquals(2, cluster.write(other, CHUNK, 0, "other").version());
        assertEquals("other", cluster.read(TAIL, CHUNK));
    }

    @Test
    void isGivenUpWhenNobodyConfirmsItInTime() throws Exception {
        FutureTask<UpdateReply> forward = forwardAhead("new");
        ExecutionException refused = assertThrows(ExecutionException.class, forward::get);
        StorageException why = assertInstanceOf(StorageException.class, refused.getCause());
        assertEquals(Kind.IN_PROGRESS, why.detail().kind());
    }

    @Test
    void isShownOnWhenACopyOfItComesAfterTheWordAboutIt() throws Exception {
        cluster.cutOff(1);
        cluster.manager.publish(target(2, SERVING), target(TAIL, SERVING), target(1, SYNCING));
        assertEquals("old", cluster.read(TAIL, CHUNK));
        // Shown here, and pending for as long as the one behind is out of reach.
        FutureTask<UpdateReply> first = forwardAhead("new");
        confirm(tag, 2);
        awaitShown("new");
        first.cancel(true);

        FutureTask<UpdateReply> copy = forwardAhead("new");
        Environment.system().clock().sleep(Duration.ofMillis(100));
        assertEquals("new", cluster.read(TAIL, CHUNK));
        copy.cancel(true);
    }

    private void awaitShown(String text) throws Exception {
        while (!cluster.read(TAIL, CHUNK).equals(text)) {
            Environment.system().clock().sleep(Duration.ofMillis(5));
        }
    }

    private FutureTask<UpdateReply> forwardAhead(String text) {
        MemorySegment bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
        UpdateRequest update = new UpdateRequest(
                cluster.chain(), CHUNK, tag, TestCluster.write(0, bytes, new ChunkData.Inline(bytes)));
        ForwardRequest ahead = new ForwardRequest(TAIL, update, 2, 1, false, true);
        FutureTask<UpdateReply> forward =
                new FutureTask<>(() -> cluster.service(TAIL).forward(ahead));
        Thread.startVirtualThread(forward);
        return forward;
    }

    private void confirm(WriteTag about, long version) {
        cluster.service(TAIL).confirm(new ConfirmRequest(cluster.chain(), TAIL, CHUNK, about, version));
    }

    private void awaitPending() throws Exception {
        while (!cluster.hasPending(TAIL, CHUNK)) {
            Environment.system().clock().sleep(Duration.ofMillis(5));
        }
    }
}
