package dev.weft.storage;

import static dev.weft.api.cluster.PublicState.LASTSRV;
import static dev.weft.api.cluster.PublicState.OFFLINE;
import static dev.weft.api.cluster.PublicState.SERVING;
import static dev.weft.api.cluster.PublicState.SYNCING;
import static dev.weft.storage.FakeManager.target;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.cluster.LocalState;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkData;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.LastChunkReply;
import dev.weft.api.storage.LastChunkRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.RemoveChunksReply;
import dev.weft.api.storage.RemoveChunksRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Environment;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Replication does the same, however services reach each other. */
abstract class ReplicationContract {
    private static final ChunkId CHUNK = new ChunkId(100, 0);

    @TempDir
    Path folder;

    final TestNetwork network;
    TestCluster cluster;

    @SuppressWarnings("NullAway.Init") // see start
    ReplicationContract(TestNetwork network) {
        this.network = network;
    }

    @BeforeEach
    final void start() throws Exception {
        cluster = TestCluster.serving(folder, network);
    }

    @AfterEach
    final void stop() {
        cluster.close();
        network.close();
        assertEquals(0, network.outstanding(), "memory is still granted to others");
    }

    @Test
    void aWriteIsReadAtEveryReplica() throws Exception {
        cluster.write(CHUNK, 0, "hello");
        UpdateReply reply = cluster.write(CHUNK, 5, " world");
        assertEquals(2, reply.version());
        assertEquals(11, reply.length());
        assertAllRead("hello world");
    }

    @Test
    void bytesMayComeInTheMessage() throws Exception {
        MemorySegment bytes = MemorySegment.ofArray(new byte[] {'h', 'i'});
        cluster.update(cluster.nextTag(), CHUNK, TestCluster.write(0, bytes, new ChunkData.Inline(bytes)));
        assertAllRead("hi");
    }

    @Test
    void bytesThatDoNotMatchTheirChecksumAreRefused() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[] {'h', 'i'});
        ChunkOperation wrong =
                new ChunkOperation.Write(TestCluster.CHUNK_SIZE, 0, 2, 12345, new ChunkData.Inline(bytes));
        assertFault(Kind.CHECKSUM_MISMATCH, () -> cluster.updateOnce(cluster.nextTag(), CHUNK, wrong));
    }

    @Test
    void aWriteOutsideOfTheChunkIsRefused() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[] {'h', 'i'});
        ChunkOperation outside = TestCluster.write(TestCluster.CHUNK_SIZE - 1, bytes, new ChunkData.Inline(bytes));
        assertFault(Kind.INVALID, () -> cluster.updateOnce(cluster.nextTag(), CHUNK, outside));
    }

    @Test
    void truncateAndRemoveReachEveryReplica() throws Exception {
        cluster.write(CHUNK, 0, "hello");
        cluster.update(cluster.nextTag(), CHUNK, new ChunkOperation.Truncate(TestCluster.CHUNK_SIZE, 2));
        assertAllRead("he");
        cluster.update(cluster.nextTag(), CHUNK, new ChunkOperation.Remove());
        assertAllRead("(none)");
        cluster.write(CHUNK, 0, "again");
        assertAllRead("again");
    }

    @Test
    void removesAllChunksOfAFileAndNoOthers() throws Exception {
        for (int index = 0; index < 5; index++) {
            cluster.write(new ChunkId(100, index), 0, "mine");
        }
        cluster.write(new ChunkId(101, 0), 0, "other");
        cluster.write(new ChunkId(99, 7), 0, "other");
        assertEquals(
                new LastChunkReply(4, 4, 5),
                cluster.service(2).lastChunk(new LastChunkRequest(cluster.chain(), 2, 100)));
        RemoveChunksReply first = remove(1, 3);
        assertEquals(new RemoveChunksReply(3, true), first);
        assertEquals(new RemoveChunksReply(1, false), remove(1, 3));
        assertEquals(new RemoveChunksReply(1, false), remove(0, 3));
        assertEquals("(none)", cluster.read(3, new ChunkId(100, 4)));
        assertEquals("other", cluster.read(3, new ChunkId(101, 0)));
        assertEquals("other", cluster.read(3, new ChunkId(99, 7)));
    }

    private RemoveChunksReply remove(int from, int limit) throws StorageException {
        return cluster.service(1).removeChunks(new RemoveChunksRequest(cluster.chain(), 100, from, limit));
    }

    @Test
    void aRetryIsAppliedOnceAlsoAfterARestart() throws Exception {
        WriteTag tag = cluster.nextTag();
        UpdateReply first = cluster.write(tag, CHUNK, 0, "mine");
        WriteTag other = new WriteTag(tag.client(), 1, 1);
        cluster.write(other, CHUNK, 0, "yours");
        assertEquals(first.version(), cluster.write(tag, CHUNK, 0, "mine").version());
        restartAll();
        UpdateReply again = cluster.write(tag, CHUNK, 0, "mine");
        assertEquals(first.version(), again.version());
        assertAllRead("yours");
    }

    @Test
    void anOlderSequenceIsRefused() throws Exception {
        WriteTag old = cluster.nextTag();
        cluster.write(cluster.nextTag(), CHUNK, 0, "new");
        assertFault(Kind.STALE_SEQUENCE, () -> cluster.write(old, CHUNK, 0, "old"));
    }

    @Test
    void anotherChainVersionIsRefusedAndTheRightOneTold() {
        ChainRef old = new ChainRef(FakeManager.CHAIN, cluster.chain().version() - 1);
        StorageException e = assertFault(
                Kind.WRONG_CHAIN_VERSION,
                () -> cluster.service(1)
                        .update(new UpdateRequest(old, CHUNK, cluster.nextTag(), new ChunkOperation.Remove())));
        assertEquals(cluster.chain().version(), e.detail().chainVersion());
    }

    @Test
    void aReplicaThatIsNotTheHeadTakesNoWrites() {
        assertFault(
                Kind.NOT_SERVING,
                () -> cluster.service(2)
                        .update(new UpdateRequest(
                                cluster.chain(), CHUNK, cluster.nextTag(), new ChunkOperation.Remove())));
    }

    @Test
    void aWriteGoesOnWhenItsTailFails() throws Exception {
        cluster.write(CHUNK, 0, "before");
        cluster.cutOff(3);
        FutureTask<UpdateReply> write = inBackground(() -> cluster.write(CHUNK, 0, "during"));
        awaitPending(1);
        // The tail may have the change or not: neither the old version nor the new one would be right for sure.
        ReadResult.Failed unsure = assertInstanceOf(ReadResult.Failed.class, cluster.readOnce(1, CHUNK));
        assertEquals(Kind.NOT_SERVING, unsure.fault().kind());
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, OFFLINE));
        assertEquals(2, write.get().version());
        assertEquals("during", cluster.read(1, CHUNK));
        assertEquals("during", cluster.read(2, CHUNK));
    }

    @Test
    void aWriteGoesOnWhenItsHeadFails() throws Exception {
        cluster.cutOff(3);
        FutureTask<UpdateReply> write = inBackground(() -> cluster.write(CHUNK, 0, "hello"));
        awaitPending(2);
        cluster.cutOff(1);
        cluster.manager.publish(target(2, SERVING), target(3, SERVING), target(1, OFFLINE));
        cluster.heal(3);
        assertEquals(1, write.get().version());
        assertEquals("hello", cluster.read(2, CHUNK));
        assertEquals("hello", cluster.read(3, CHUNK));
    }

    @Test
    void aPendingVersionIsFinishedBeforeTheNextWrite() throws Exception {
        cluster.write(CHUNK, 0, "aaaa");
        cluster.cutOff(3);
        WriteTag stuck = cluster.nextTag();
        FutureTask<UpdateReply> write = inBackground(() -> cluster.write(stuck, CHUNK, 0, "bb"));
        awaitPending(2);
        cluster.cutOff(1);
        // The new head has it pending, and then somebody else writes first.
        cluster.manager.publish(target(2, SERVING), target(3, SERVING), target(1, OFFLINE));
        cluster.heal(3);
        cluster.write(new WriteTag(stuck.client(), 5, 1), CHUNK, 3, "c");
        write.get();
        assertEquals("bbac", cluster.read(2, CHUNK));
        assertEquals("bbac", cluster.read(3, CHUNK));
    }

    @Test
    void aReplicaThatComesBackIsFilledWhileOthersWrite() throws Exception {
        for (int index = 0; index < 20; index++) {
            cluster.write(new ChunkId(100, index), 0, "first " + index);
        }
        cluster.stop(3);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, OFFLINE));
        for (int index = 5; index < 10; index++) {
            cluster.write(new ChunkId(100, index), 0, "second " + index);
        }
        cluster.update(cluster.nextTag(), new ChunkId(100, 0), new ChunkOperation.Remove());
        WriteTag early = cluster.nextTag();
        cluster.write(early, new ChunkId(100, 30), 0, "created meanwhile");
        cluster.write(new WriteTag(early.client(), 1, 1), new ChunkId(100, 30), 0, "CREATED");
        cluster.start(3);
        cluster.manager.await(3, LocalState.ONLINE);
        cluster.manager.publish(target(1, SERVING), target(2, SERVING), target(3, SYNCING));
        for (int index = 8; index < 14; index++) {
            cluster.write(new WriteTag(early.client(), 2, index), new ChunkId(100, index), 0, "third " + index);
        }
        cluster.manager.await(3, LocalState.UP_TO_DATE);
        cluster.manager.publish(target(3, SERVING), target(1, OFFLINE), target(2, OFFLINE));
        assertEquals("(none)", cluster.read(3, new ChunkId(100, 0)));
        assertEquals("first 1", cluster.read(3, new ChunkId(100, 1)));
        assertEquals("second 5", cluster.read(3, new ChunkId(100, 5)));
        assertEquals("third 13", cluster.read(3, new ChunkId(100, 13)));
        // It knows the retries of writes that it did not see itself.
        cluster.write(early, new ChunkId(100, 30), 0, "created meanwhile");
        assertEquals("CREATED meanwhile", cluster.read(3, new ChunkId(100, 30)));
    }

    @Test
    void theLastToServeCommitsWhatIsPending() throws Exception {
        cluster.cutOff(2);
        WriteTag tag = cluster.nextTag();
        FutureTask<UpdateReply> write = new FutureTask<>(() -> cluster.write(tag, CHUNK, 0, "pending"));
        Thread writer = Thread.startVirtualThread(write);
        awaitPending(1);
        writer.interrupt();
        writer.join();
        cluster.publish(LASTSRV, OFFLINE, OFFLINE);
        cluster.manager.await(1, LocalState.ONLINE);
        assertInstanceOf(ReadResult.Failed.class, cluster.readOnce(1, CHUNK));
        cluster.publish(SERVING, OFFLINE, OFFLINE);
        assertEquals("pending", cluster.read(1, CHUNK));
        assertEquals(1, cluster.write(tag, CHUNK, 0, "pending").version());
    }

    @Test
    void aNodeWithoutAnswerFromTheManagerStopsServing() throws Exception {
        cluster.write(CHUNK, 0, "hello");
        cluster.manager.setReachable(false);
        ReadResult result = cluster.readOnce(2, CHUNK);
        while (result instanceof ReadResult.Found) {
            Environment.system().clock().sleep(Duration.ofMillis(20));
            result = cluster.readOnce(2, CHUNK);
        }
        assertEquals(
                Kind.NOT_SERVING,
                assertInstanceOf(ReadResult.Failed.class, result).fault().kind());
        cluster.manager.setReachable(true);
        assertEquals("hello", cluster.read(2, CHUNK));
    }

    @Test
    void aRestartedReplicaDoesNotServeBeforeTheClusterHasNoticed() throws Exception {
        cluster.write(CHUNK, 0, "hello");
        cluster.stop(2);
        cluster.start(2);
        cluster.manager.await(2, LocalState.OFFLINE);
        ReadResult result = cluster.readOnce(2, CHUNK);
        assertInstanceOf(ReadResult.Failed.class, result);
    }

    private void restartAll() throws Exception {
        for (int node = 1; node <= 3; node++) {
            cluster.stop(node);
        }
        cluster.publish(LASTSRV, OFFLINE, OFFLINE);
        for (int node = 1; node <= 3; node++) {
            cluster.start(node);
        }
        for (int node = 1; node <= 3; node++) {
            cluster.manager.await(node, LocalState.ONLINE);
        }
        cluster.publish(SERVING, SYNCING, OFFLINE);
        cluster.manager.await(2, LocalState.UP_TO_DATE);
        cluster.publish(SERVING, SERVING, SYNCING);
        cluster.manager.await(3, LocalState.UP_TO_DATE);
        cluster.publish(SERVING, SERVING, SERVING);
    }

    /** Waits until a node has the first version of the chunk pending. */
    private void awaitPending(int node) throws Exception {
        while (!cluster.hasPending(node, CHUNK)) {
            Environment.system().clock().sleep(Duration.ofMillis(5));
        }
    }

    private void assertAllRead(String expected) throws Exception {
        for (int node = 1; node <= 3; node++) {
            assertEquals(expected, cluster.read(node, CHUNK), "node " + node);
        }
    }

    private static FutureTask<UpdateReply> inBackground(Callable<UpdateReply> work) {
        FutureTask<UpdateReply> task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task;
    }

    private static StorageException assertFault(Kind kind, Executable work) {
        StorageException e = assertThrows(StorageException.class, work);
        assertEquals(kind, e.detail().kind(), e.toString());
        return e;
    }
}
