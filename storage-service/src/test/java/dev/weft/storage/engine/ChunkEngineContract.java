package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine promises, whichever way its disk reads. */
abstract class ChunkEngineContract {
    private static final ChunkKey KEY = new ChunkKey(7, 1, 0);
    private static final UUID CLIENT = new UUID(1, 2);

    @TempDir
    Path folder;

    private FileDisk disk;
    private ChunkEngine engine;
    private long sequence;

    abstract FileDisk.Reading reading();

    @BeforeEach
    void open() throws IOException {
        open(options());
    }

    private void open(EngineOptions options) throws IOException {
        disk = FileDisk.open(folder, reading());
        engine = new FileChunkEngine(disk, Thread.ofPlatform().factory(), options);
    }

    private static EngineOptions options() {
        return EngineOptions.defaults().withGrowBytes(1);
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
    void refusesAVersionThatDoesNotFollow() throws IOException {
        write(KEY, 5, 0, "new");
        assertThrows(IllegalArgumentException.class, () -> write(KEY, 5, 0, "x"));
        assertThrows(IllegalArgumentException.class, () -> write(KEY, 7, 0, "x"));
        write(KEY, 6, 0, "x");
    }

    @Test
    void aRemovalRaisesTheVersionFloorOfItsTargetForGood() throws IOException {
        ChunkKey low = new ChunkKey(7, 1, 1);
        write(KEY, 41, 0, "high");
        write(low, 1, 0, "low");
        assertEquals(0, engine.versionFloor(7));
        change(KEY, 42, new Change.Remove());
        change(low, 2, new Change.Remove());
        assertEquals(42, engine.versionFloor(7));
        assertEquals(0, engine.versionFloor(8));
        engine.raiseVersionFloor(8, 9);
        engine.raiseVersionFloor(8, 3);
        reopen();
        assertEquals(42, engine.versionFloor(7));
        assertEquals(9, engine.versionFloor(8));
    }

    @Test
    void removalsAtTheSameTimeLeaveTheHighestFloor() throws Exception {
        List<Thread> removers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int index = i;
            write(new ChunkKey(7, 1, index), 100 + index, 0, "x");
        }
        List<WriteId> tags = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tags.add(new WriteId(CLIENT, 10 + i, 1000 + i));
        }
        for (int i = 0; i < 50; i++) {
            int index = i;
            removers.add(Thread.startVirtualThread(() -> {
                try {
                    ChunkKey key = new ChunkKey(7, 1, index);
                    engine.apply(key, 101 + index, new Change.Remove(), tags.get(index));
                    engine.commit(key, 101 + index);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        for (Thread remover : removers) {
            remover.join();
        }
        reopen();
        assertEquals(150, engine.versionFloor(7));
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
    void aPartIsReadAndVerifiedByItself() throws IOException {
        byte[] bytes = EngineCrashTest.pattern(300_000, 1);
        MemorySegment image = MemorySegment.ofArray(bytes);
        change(KEY, 1, new Change.Write(0, image, Checksum.of(image)));
        flipByte("extents-512k", 200_000);
        try (ChunkReader reader = Objects.requireNonNull(engine.openCommitted(KEY))) {
            byte[] part = new byte[100_000];
            int checksum = reader.read(90_001, MemorySegment.ofArray(part));
            assertArrayEquals(Arrays.copyOfRange(bytes, 90_001, 190_001), part);
            assertEquals(Checksum.of(MemorySegment.ofArray(part)), checksum);
            CorruptedChunkException e = assertThrows(
                    CorruptedChunkException.class, () -> reader.read(150_000, MemorySegment.ofArray(part)));
            assertTrue(e.toString().contains("4096 bytes at 196608"), e.toString());
            assertThrows(IllegalArgumentException.class, () -> reader.read(200_001, MemorySegment.ofArray(part)));
        }
    }

    @Test
    void aBatchTellsOfEachPart() throws IOException {
        byte[] bytes = EngineCrashTest.pattern(100_000, 1);
        MemorySegment image = MemorySegment.ofArray(bytes);
        change(KEY, 1, new Change.Write(0, image, Checksum.of(image)));
        flipByte("extents-128k", 50_000);
        try (ChunkReader reader = Objects.requireNonNull(engine.openCommitted(KEY))) {
            List<PartResult> results = engine.read(List.of(
                    new PartRead(reader, 0, MemorySegment.ofArray(new byte[10_000])),
                    new PartRead(reader, 49_999, MemorySegment.ofArray(new byte[10])),
                    new PartRead(reader, 99_990, MemorySegment.ofArray(new byte[10]))));
            assertEquals(new PartResult.Read(Checksum.of(image.asSlice(0, 10_000))), results.get(0));
            assertTrue(
                    results.get(1) instanceof PartResult.Failed(CorruptedChunkException _),
                    results.get(1).toString());
            assertEquals(new PartResult.Read(Checksum.of(image.asSlice(99_990, 10))), results.get(2));
        }
    }

    @Test
    void anAppendStaysInTheExtentAndLeavesReadersAlone() throws IOException {
        write(KEY, 1, 0, "hello");
        try (ChunkReader old = Objects.requireNonNull(engine.openCommitted(KEY))) {
            write2(KEY, 2, 5, " world");
            assertEquals("hello", read(KEY));
            engine.commit(KEY, 2);
            write(KEY, 3, 20_000, "!");
            assertEquals(SizeClass.bytes(0), engine.usedBytes());
            byte[] bytes = new byte[5];
            old.read(MemorySegment.ofArray(bytes));
            assertEquals("hello", new String(bytes, StandardCharsets.UTF_8));
        }
        byte[] expected = new byte[20_001];
        System.arraycopy("hello world".getBytes(StandardCharsets.UTF_8), 0, expected, 0, 11);
        expected[20_000] = '!';
        assertArrayEquals(expected, readBytes(KEY));
        reopen();
        assertArrayEquals(expected, readBytes(KEY));
        assertEquals(SizeClass.bytes(0), engine.usedBytes());
    }

    @Test
    void anAppendThatWasGivenUpIsNotWrittenOver() throws IOException {
        write(KEY, 1, 0, "hello");
        write2(KEY, 2, 5, " world");
        try (ChunkReader pending = Objects.requireNonNull(engine.openPending(KEY))) {
            write(KEY, 2, 5, " there");
            byte[] bytes = new byte[11];
            pending.read(MemorySegment.ofArray(bytes));
            assertEquals("hello world", new String(bytes, StandardCharsets.UTF_8));
        }
        assertEquals("hello there", read(KEY));
    }

    @Test
    void aChunkMayGrowBehindWhereItWasCut() throws IOException {
        byte[] bytes = EngineCrashTest.pattern(60_000, 1);
        MemorySegment image = MemorySegment.ofArray(bytes);
        change(KEY, 1, new Change.Write(0, image, Checksum.of(image)));
        try (ChunkReader old = Objects.requireNonNull(engine.openCommitted(KEY))) {
            change(KEY, 2, new Change.Truncate(30_000));
            assertEquals(SizeClass.bytes(0), engine.usedBytes());
            write(KEY, 3, 30_000, "new");
            byte[] found = new byte[60_000];
            old.read(MemorySegment.ofArray(found));
            assertArrayEquals(bytes, found);
        }
        byte[] expected = Arrays.copyOf(bytes, 30_003);
        System.arraycopy("new".getBytes(StandardCharsets.UTF_8), 0, expected, 30_000, 3);
        assertArrayEquals(expected, readBytes(KEY));
    }

    @Test
    void bytesThatAreNotWhatTheyAreSaidToBeAreRefused() {
        MemorySegment image = MemorySegment.ofArray(new byte[10]);
        assertThrows(IllegalArgumentException.class, () -> engine.apply(KEY, 1, new Change.Replace(image, 17), next()));
        assertEquals(Optional.empty(), engine.find(KEY));
    }

    @Test
    void filesShrinkWhenFewChunksAreLeft() throws IOException {
        for (int index = 0; index < 40; index++) {
            write(new ChunkKey(7, 2, index), 1, 0, "chunk " + index);
        }
        for (int index = 0; index < 38; index++) {
            change(new ChunkKey(7, 2, index), 2, new Change.Remove());
        }
        ChunkKey last = new ChunkKey(7, 2, 39);
        try (ChunkReader reader = Objects.requireNonNull(engine.openCommitted(last))) {
            ChunkEngine.Upkeep first = engine.upkeep();
            assertTrue(first.moved() > 0, first.toString());
            byte[] bytes = new byte[8];
            reader.read(MemorySegment.ofArray(bytes));
            assertEquals("chunk 39", new String(bytes, StandardCharsets.UTF_8));
        }
        engine.upkeep();
        engine.upkeep();
        long fileBytes = folder.resolve("extents-64k").toFile().length();
        assertTrue(fileBytes <= 4L * SizeClass.bytes(0), "file has " + fileBytes + " bytes");
        reopen();
        assertEquals("chunk 39", read(last));
        assertEquals("chunk 38", read(new ChunkKey(7, 2, 38)));
    }

    @Test
    void aDiskThatIsNearlyFullTakesNoNewChunks() throws IOException {
        write(KEY, 1, 0, "hello");
        close();
        open(options().withSpaceLimits(1e-9, 1e-9));
        assertTrue(engine.space().low(), engine.space().toString());
        assertThrows(NoSpaceException.class, () -> write(new ChunkKey(7, 3, 0), 1, 0, "new"));
        write(KEY, 2, 0, "HELLO, it fits");
        assertEquals("HELLO, it fits", read(KEY));
    }

    @Test
    void theDiskChecksItself() throws IOException {
        engine.checkDisk();
        engine.checkDisk();
    }

    @Test
    void onlySoManyChannelsAreRememberedTheOldestGoFirst() throws IOException {
        close();
        open(options().withAppliedMax(3));
        for (int channel = 0; channel < 5; channel++) {
            writeAs(new WriteId(CLIENT, channel, 1), channel + 1);
        }
        writeAs(new WriteId(CLIENT, 2, 2), 6);
        writeAs(new WriteId(CLIENT, 5, 1), 7);
        assertRemembers(List.of(2, 4, 5));
        reopen();
        assertRemembers(List.of(2, 4, 5));
    }

    private void writeAs(WriteId writer, long version) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(new byte[] {1});
        engine.apply(KEY, version, new Change.Replace(bytes, Checksum.of(bytes)), writer);
        engine.commit(KEY, version);
    }

    private void assertRemembers(List<Integer> channels) {
        assertEquals(
                channels,
                engine.allApplied(7).stream()
                        .map(done -> done.writer().channel())
                        .sorted()
                        .toList());
    }

    private void flipByte(String file, long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
            bytes.seek(position);
            int old = bytes.read();
            bytes.seek(position);
            bytes.write(old ^ 1);
        }
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
