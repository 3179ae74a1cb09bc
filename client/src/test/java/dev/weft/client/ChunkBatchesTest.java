package dev.weft.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.WriteTag;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChunkBatchesTest {
    private final FakeCluster cluster = new FakeCluster();
    private final ChunkClient chunks = cluster.chunks(Duration.ofSeconds(20));

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void severalChunksGoInOneCallToTheirHead() throws Exception {
        assertEquals(20, chunks.writeAll(writes(20)).size());
        assertEquals(1, cluster.first.batches.get());
        assertEquals(20, lanes().size(), "each in a lane of its own");
        for (int index = 0; index < 20; index++) {
            assertWritten(index);
        }
    }

    @Test
    void moreThanACallTakesGoInSeveral() throws Exception {
        assertEquals(70, chunks.writeAll(writes(70)).size());
        assertEquals(3, cluster.first.batches.get());
        assertWritten(69);
    }

    @Test
    void onlyWhatFailedIsSentAgainAndWithTheSameTag() throws Exception {
        cluster.first.changeToRefuse.set(3);
        chunks.writeAll(writes(10));
        assertEquals(11, cluster.first.tags.size());
        assertEquals(10, new HashSet<>(cluster.first.tags).size());
        assertWritten(3);
    }

    @Test
    void aLostCallIsMadeAgainWithTheSameTags() throws Exception {
        cluster.first.updatesToFail.set(1);
        chunks.writeAll(writes(10));
        assertEquals(2, cluster.first.batches.get());
        assertEquals(10, new HashSet<>(cluster.first.tags).size());
        assertWritten(9);
    }

    @Test
    void whatCannotPassFailsAndGivesTheLanesBack() throws Exception {
        cluster.first.full = true;
        for (int i = 0; i < 70; i++) {
            assertThrows(IOException.class, () -> chunks.writeAll(writes(32)));
        }
        cluster.first.full = false;
        chunks.writeAll(writes(32));
        assertWritten(31);
    }

    private Set<Integer> lanes() {
        Set<Integer> lanes = new HashSet<>();
        for (WriteTag tag : cluster.first.tags) {
            lanes.add(tag.channel());
        }
        return lanes;
    }

    private static List<ChunkClient.Write> writes(int count) {
        List<ChunkClient.Write> writes = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            writes.add(new ChunkClient.Write(
                    1 + index % 2, new ChunkId(7, index), FakeCluster.CHUNK_SIZE, 0, bytes(index)));
        }
        return writes;
    }

    private static byte[] bytes(int index) {
        byte[] bytes = new byte[1 + index * 100];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (index + i);
        }
        return bytes;
    }

    private void assertWritten(int index) throws Exception {
        ReadResult result =
                chunks.read(1 + index % 2, new ChunkId(7, index), 0, FakeCluster.CHUNK_SIZE, new ReplicaChoice.Any());
        ReadResult.Found found = assertInstanceOf(ReadResult.Found.class, result);
        assertArrayEquals(bytes(index), found.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
}
