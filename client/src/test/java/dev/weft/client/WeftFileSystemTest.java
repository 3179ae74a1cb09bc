package dev.weft.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Buffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WeftFileSystemTest {
    private final FakeCluster cluster = new FakeCluster();
    private final WeftFileSystem fs = cluster.fileSystem(Duration.ofSeconds(30));

    @AfterEach
    void close() {
        assertEquals(0, cluster.buffers.usedBuffers(), "buffers are still in use");
        cluster.close();
    }

    @Test
    void whatIsWrittenInPiecesIsReadBack() throws IOException {
        byte[] bytes = random(5 * FakeCluster.CHUNK_SIZE + 17);
        try (FileWriter writer = fs.create("/a", CreateOptions.defaults())) {
            writer.write(ByteBuffer.wrap(bytes, 0, 100_000));
            writer.write(MemorySegment.ofArray(bytes).asSlice(100_000));
            assertEquals(bytes.length, writer.position());
        }
        assertEquals(bytes.length, fs.stat("/a").length());
        assertArrayEquals(bytes, read("/a"));
    }

    @Test
    void aPartInTheMiddleIsReadAcrossChunks() throws IOException {
        byte[] bytes = random(3 * FakeCluster.CHUNK_SIZE);
        write("/a", bytes);
        byte[] part = new byte[FakeCluster.CHUNK_SIZE + 10];
        assertEquals(part.length, fs.open("/a").read(1000, MemorySegment.ofArray(part)));
        assertArrayEquals(Arrays.copyOfRange(bytes, 1000, 1000 + part.length), part);
        assertEquals(5, fs.open("/a").read(bytes.length - 5, MemorySegment.ofArray(part)));
        assertEquals(0, fs.open("/a").read(bytes.length + 5L, MemorySegment.ofArray(part)));
    }

    @Test
    void aBufferIsFilledByTheReplicasThemselves() throws IOException {
        byte[] bytes = random(3 * FakeCluster.CHUNK_SIZE);
        write("/a", bytes);
        FileReader reader = fs.open("/a");
        try (Buffer buffer = cluster.buffers.acquire(FakeCluster.CHUNK_SIZE + 10)) {
            assertEquals(buffer.segment().byteSize(), reader.read(1000, buffer));
            assertArrayEquals(
                    Arrays.copyOfRange(bytes, 1000, 1010 + FakeCluster.CHUNK_SIZE),
                    buffer.segment().toArray(ValueLayout.JAVA_BYTE));
            assertEquals(5, reader.read(bytes.length - 5, buffer));
            assertEquals(0, reader.read(bytes.length + 5L, buffer));
        }
    }

    @Test
    void anEmptyFileIsEmpty() throws IOException {
        write("/empty", new byte[0]);
        assertEquals(0, read("/empty").length);
    }

    @Test
    void chunksThatDoNotExistReadAsZeros() throws IOException {
        cluster.meta.addSparse("/sparse", 100_000);
        assertArrayEquals(new byte[100_000], read("/sparse"));
    }

    @Test
    void aWriteFollowsTheChainToItsNewVersion() throws IOException {
        write("/a", random(10));
        cluster.bumpVersion();
        byte[] bytes = random(200_000);
        write("/b", bytes);
        assertArrayEquals(bytes, read("/b"));
    }

    @Test
    void aRetryCarriesTheSameTagAndAnotherWriteAnotherOne() throws IOException {
        cluster.first.updatesToFail.set(2);
        write("/a", random(10));
        assertEquals(3, cluster.first.tags.size());
        assertEquals(1, new HashSet<>(cluster.first.tags).size());
        write("/b", random(10));
        assertEquals(2, new HashSet<>(cluster.first.tags).size());
    }

    @Test
    void aReadGoesToAnotherReplicaWhenOneIsDown() throws IOException {
        byte[] bytes = random(300_000);
        write("/a", bytes);
        cluster.first.down = true;
        assertArrayEquals(bytes, read("/a"));
        cluster.first.down = false;
        cluster.second.down = true;
        assertArrayEquals(bytes, read("/a"));
    }

    @Test
    void bytesThatWereDamagedOnTheWayAreReadElsewhere() throws IOException {
        byte[] bytes = random(300_000);
        write("/a", bytes);
        cluster.second.damages = true;
        // Reads take turns, so one of two begins there.
        assertArrayEquals(bytes, read("/a"));
        assertArrayEquals(bytes, read("/a"));
        assertTrue(cluster.second.reads.get() > 0);
        assertEquals(1, cluster.second.reads.get(), "pieces of one node travel together");
    }

    @Test
    void aCertainReplicaIsTheOnlyOneAsked() throws IOException {
        byte[] bytes = random(300_000);
        write("/a", bytes);
        FileReader reader = fs.open("/a", new ReplicaChoice.Position(1));
        reader.transferTo((_, _) -> {});
        assertEquals(0, cluster.first.reads.get());
        assertTrue(cluster.second.reads.get() > 0);
    }

    @Test
    void aFailureInTheBackgroundIsThrownByClose() throws IOException {
        cluster.first.full = true;
        FileWriter writer = fs.create("/a", CreateOptions.defaults());
        writer.write(ByteBuffer.wrap(random(10)));
        IOException e = assertThrows(IOException.class, writer::close);
        assertTrue(e.toString().contains("disk is full"), e.toString());
        assertEquals(Set.of(), cluster.meta.sessions, "the file is not held open");
        assertThrows(ClosedChannelException.class, () -> writer.write(ByteBuffer.allocate(1)));
    }

    @Test
    void retriesEndWhenPatienceDoes() {
        cluster.first.down = true;
        WeftFileSystem impatient = cluster.fileSystem(Duration.ofMillis(50));
        IOException e = assertThrows(IOException.class, () -> {
            try (FileWriter writer = impatient.create("/a", CreateOptions.defaults())) {
                writer.write(ByteBuffer.allocate(10));
            }
        });
        assertTrue(e.toString().contains("retries are used up"), e.toString());
    }

    @Test
    void faultsOfTheMetadataServiceAreTheJdksExceptions() {
        assertEquals(
                "/none",
                assertThrows(NoSuchFileException.class, () -> fs.stat("/none")).getMessage());
        assertThrows(FileAlreadyExistsException.class, () -> fs.mkdir("/there", false));
    }

    @Test
    void aSinkThatFailsEndsTheRead() throws IOException {
        write("/a", random(10 * FakeCluster.CHUNK_SIZE));
        IOException e = assertThrows(
                IOException.class,
                () -> fs.open("/a").transferTo((_, _) -> {
                    throw new IOException("no more");
                }));
        assertEquals("no more", e.getMessage());
    }

    private void write(String path, byte[] bytes) throws IOException {
        try (FileWriter writer = fs.create(path, CreateOptions.defaults())) {
            writer.write(ByteBuffer.wrap(bytes));
        }
    }

    private byte[] read(String path) throws IOException {
        FileReader reader = fs.open(path);
        byte[] bytes = new byte[(int) reader.length()];
        assertEquals(bytes.length, reader.read(0, MemorySegment.ofArray(bytes)));
        return bytes;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
