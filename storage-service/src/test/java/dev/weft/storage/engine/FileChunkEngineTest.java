package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileChunkEngineTest {
    private static final ChunkKey KEY = new ChunkKey(7, 1, 0);
    private static final UUID CLIENT = new UUID(1, 2);

    @TempDir
    Path folder;

    private FileDisk disk;
    private ChunkEngine engine;
    private long sequence;

    @BeforeEach
    void open() throws IOException {
        disk = FileDisk.open(folder);
        engine = new FileChunkEngine(
                disk, Thread.ofPlatform().factory(), EngineOptions.defaults().withGrowBytes(1));
    }

    @AfterEach
    void close() {
        engine.close();
        disk.close();
    }

    @Test
    void aPendingVersionIsNotReadBeforeItIsCommitted() throws IOException {
        write(KEY, 1, 0, "first");
        write2(KEY, 2, 0, "second");
        assertEquals("first", read(KEY));
        engine.commit(KEY, 2);
        assertEquals("second", read(KEY));
    }

    @Test
    void aWriteIntoTheMiddleKeepsTheRest() throws IOException {
        write(KEY, 1, 0, "hello world");
        write(KEY, 2, 6, "W");
        assertEquals("hello World", read(KEY));
    }

    @Test
    void aGapReadsAsZeros() throws IOException {
        write(KEY, 1, 3, "x");
        assertEquals("\0\0\0x", read(KEY));
    }

    @Test
    void truncateShortensAndExtends() throws IOException {
        write(KEY, 1, 0, "hello");
        change(KEY, 2, new Change.Truncate(2));
        change(KEY, 3, new Change.Truncate(4));
        assertEquals("he\0\0", read(KEY));
        change(KEY, 4, new Change.Truncate(0));
        assertEquals("", read(KEY));
    }

    @Test
    void aRemovedChunkIsGone() throws IOException {
        write(KEY, 1, 0, "hello");
        change(KEY, 2, new Change.Remove());
        assertNull(engine.openCommitted(KEY));
        assertEquals(Optional.empty(), engine.find(KEY));
    }

    @Test
    void aReplaceMayHaveAnyVersion() throws IOException {
        write(KEY, 1, 0, "hello");
        byte[] bytes = {1, 2, 3};
        MemorySegment image = MemorySegment.ofArray(bytes);
        change(KEY, 17, new Change.Replace(image, Checksum.of(image)));
        assertEquals(17, engine.find(KEY).orElseThrow().committedNumber());
    }

    @Test
    void refusesAVersionThatDoesNotFollow() {
        assertThrows(IllegalArgumentException.class, () -> write(KEY, 2, 0, "x"));
    }

    @Test
    void everythingIsThereAfterReopening() throws IOException {
        write(KEY, 1, 0, "hello");
        write2(KEY, 2, 0, "HELLO!");
        ChunkKey large = new ChunkKey(7, 1, 5);
        byte[] bytes = new byte[300_000];
        Arrays.fill(bytes, (byte) 9);
        MemorySegment image = MemorySegment.ofArray(bytes);
        change(large, 1, new Change.Write(0, image, Checksum.of(image)));
        reopen();
        assertEquals("hello", read(KEY));
        assertEquals(2, engine.find(KEY).orElseThrow().pending().orElseThrow().number());
        engine.commit(KEY, 2);
        assertEquals("HELLO!", read(KEY));
        assertArrayEquals(bytes, readBytes(large));
        assertEquals(new ChunkEngine.LastChunk(5, 300_000, 2), engine.last(7, 1).orElseThrow());
        assertEquals(2, engine.list(7, null, 10).size());
        assertEquals(
                List.of(large),
                engine.list(7, KEY, 10).stream().map(ChunkInfo::key).toList());
    }

    @Test
    void remembersTheLastChangeOfAChannelAcrossReopening() throws IOException {
        write(KEY, 1, 0, "hello");
        WriteId writer = new WriteId(CLIENT, 0, sequence);
        reopen();
        assertEquals(writer, engine.applied(7, writer).orElseThrow().writer());
        engine.forgetApplied(7);
        reopen();
        assertTrue(engine.applied(7, writer).isEmpty());
    }

    @Test
    void aReaderKeepsItsVersionWhileOthersReplaceIt() throws IOException {
        write(KEY, 1, 0, "old");
        try (ChunkReader reader = Objects.requireNonNull(engine.openCommitted(KEY))) {
            for (int version = 2; version < 20; version++) {
                write(KEY, version, 0, "new" + version);
            }
            byte[] bytes = new byte[3];
            reader.read(MemorySegment.ofArray(bytes));
            assertEquals("old", new String(bytes, StandardCharsets.UTF_8));
        }
    }

    @Test
    void spaceOfReplacedVersionsIsUsedAgain() throws IOException {
        for (int version = 1; version < 50; version++) {
            write(KEY, version, 0, "version " + version);
        }
        assertEquals(SizeClass.bytes(0), engine.usedBytes());
        long fileBytes = folder.resolve("extents-64k").toFile().length();
        assertTrue(fileBytes < 6L * SizeClass.bytes(0), "file has " + fileBytes + " bytes");
    }

    @Test
    void aDamagedByteIsNoticed() throws IOException {
        write(KEY, 1, 0, "hello");
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("extents-64k").toFile(), "rw")) {
            file.seek(1);
            file.write('u');
        }
        CorruptedChunkException e = assertThrows(CorruptedChunkException.class, () -> read(KEY));
        assertTrue(e.toString().contains("7/1:0"), e.toString());
    }

    @Test
    void aCallerThatIsInterruptedDoesNotHarmTheFile() throws IOException {
        Thread.currentThread().interrupt();
        write(KEY, 1, 0, "hello");
        assertTrue(Thread.interrupted());
        assertEquals("hello", read(KEY));
    }

    private void reopen() throws IOException {
        close();
        open();
    }

    private void write(ChunkKey key, long version, int offset, String text) throws IOException {
        write2(key, version, offset, text);
        engine.commit(key, version);
    }

    private void write2(ChunkKey key, long version, int offset, String text) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
        engine.apply(key, version, new Change.Write(offset, bytes, Checksum.of(bytes)), next());
    }

    private void change(ChunkKey key, long version, Change change) throws IOException {
        engine.apply(key, version, change, next());
        engine.commit(key, version);
    }

    private WriteId next() {
        return new WriteId(CLIENT, 0, ++sequence);
    }

    private String read(ChunkKey key) throws IOException {
        return new String(readBytes(key), StandardCharsets.UTF_8);
    }

    private byte[] readBytes(ChunkKey key) throws IOException {
        try (ChunkReader reader = Objects.requireNonNull(engine.openCommitted(key))) {
            byte[] bytes = new byte[reader.version().length()];
            reader.read(MemorySegment.ofArray(bytes));
            return bytes;
        }
    }
}
