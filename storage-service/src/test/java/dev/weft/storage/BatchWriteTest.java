package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.storage.ChunkData;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.UpdateBatchRequest;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.UpdateResult;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class BatchWriteTest extends ChainTest {
    private static final UUID CLIENT = new UUID(3, 3);

    @Test
    void eachChangeOfABatchIsMadeOnceHoweverOftenItComes() throws Exception {
        List<UpdateRequest> updates = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            updates.add(write(i, 1, i, 0, "chunk " + i));
        }
        List<UpdateResult> first = send(updates);
        for (int i = 0; i < 100; i++) {
            assertEquals(1, done(first.get(i)).version());
        }
        updates.set(7, write(7, 2, 7, 0, "CHUNK"));
        List<UpdateResult> again = send(updates);
        for (int i = 0; i < 100; i++) {
            assertEquals(i == 7 ? 2 : 1, done(again.get(i)).version());
        }
        for (int node = 1; node <= 3; node++) {
            assertEquals("CHUNK 7", cluster.read(node, new ChunkId(100, 7)));
            assertEquals("chunk 99", cluster.read(node, new ChunkId(100, 99)));
        }
    }

    @Test
    void whatFailsInABatchFailsAlone() throws Exception {
        send(List.of(write(1, 5, 0, 0, "before")));
        MemorySegment bytes = MemorySegment.ofArray(new byte[] {1});
        ChunkOperation damaged =
                new ChunkOperation.Write(TestCluster.CHUNK_SIZE, 0, 1, 12345, new ChunkData.Inline(bytes));
        List<UpdateResult> results = send(List.of(
                write(0, 1, 1, 0, "fine"),
                write(1, 4, 2, 0, "older than what was applied"),
                new UpdateRequest(cluster.chain(), new ChunkId(100, 3), tag(2, 1), damaged),
                write(3, 1, 4, TestCluster.CHUNK_SIZE, "outside"),
                write(4, 1, 5, 0, "fine too")));
        assertEquals(1, done(results.get(0)).version());
        assertEquals(Kind.STALE_SEQUENCE, failed(results.get(1)));
        assertEquals(Kind.CHECKSUM_MISMATCH, failed(results.get(2)));
        assertEquals(Kind.INVALID, failed(results.get(3)));
        assertEquals(1, done(results.get(4)).version());
        assertEquals("fine too", cluster.read(3, new ChunkId(100, 5)));
        assertEquals("(none)", cluster.read(3, new ChunkId(100, 2)));
    }

    @Test
    void moreThanTheLimitIsRefusedAsAWhole() {
        List<UpdateRequest> many = Collections.nCopies(BatchWriter.UPDATES_MAX + 1, write(0, 1, 0, 0, "x"));
        RpcException e = assertThrows(RpcException.class, () -> send(many));
        assertEquals(StatusCode.INVALID_ARGUMENT, e.code());
    }

    @Test
    void aRetryFromBeyondTheWindowIsRefusedUnlessItsAnswerIsKnown() throws Exception {
        UpdateRequest write = write(0, 1, 0, 0, "first");
        send(List.of(write));
        assertEquals(1, done(send(List.of(aged(write))).getFirst()).version());
        StorageException e = assertThrows(
                StorageException.class, () -> cluster.service(1).update(aged(write(1, 1, 0, 0, "forgotten?"))));
        assertEquals(Kind.STALE_SEQUENCE, e.detail().kind());
        assertEquals("first", cluster.read(3, new ChunkId(100, 0)));
    }

    private static UpdateRequest aged(UpdateRequest update) {
        Duration age = WriteDecision.AGE_MAX.plusSeconds(1);
        return new UpdateRequest(update.chain(), update.chunk(), update.tag(), update.operation(), age);
    }

    private UpdateRequest write(int lane, long sequence, int index, int offset, String text) {
        MemorySegment bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
        ChunkOperation operation = TestCluster.write(offset, bytes, new ChunkData.Inline(bytes));
        return new UpdateRequest(cluster.chain(), new ChunkId(100, index), tag(lane, sequence), operation);
    }

    private static WriteTag tag(int lane, long sequence) {
        return new WriteTag(CLIENT, lane, sequence);
    }

    private List<UpdateResult> send(List<UpdateRequest> updates) {
        return cluster.service(1).updateAll(new UpdateBatchRequest(updates)).results();
    }

    private static UpdateReply done(UpdateResult result) {
        return assertInstanceOf(UpdateResult.Done.class, result, result::toString)
                .reply();
    }

    private static Kind failed(UpdateResult result) {
        return assertInstanceOf(UpdateResult.Failed.class, result, result::toString)
                .fault()
                .kind();
    }
}
