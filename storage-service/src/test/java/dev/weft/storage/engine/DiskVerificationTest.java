package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.storage.engine.DiskIndex.IndexChange;
import dev.weft.storage.engine.DiskVerification.Kind;
import dev.weft.storage.engine.DiskVerification.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of damage is planted and found; the undamaged disk is clean. */
final class DiskVerificationTest {
    private static final ChunkKey FIRST = new ChunkKey(1, 1, 0);
    private static final ChunkKey SECOND = new ChunkKey(1, 1, 1);

    @TempDir
    Path folder;

    private final List<Problem> problems = new ArrayList<>();

    @BeforeEach
    void fill() throws IOException {
        try (FileDisk disk = FileDisk.open(folder);
                ChunkEngine engine = CrashWriter.open(disk)) {
            write(engine, FIRST, 1, 0, 20_000);
            engine.commit(FIRST, 1);
            write(engine, FIRST, 2, 20_000, 5_000);
            write(engine, SECOND, 1, 0, 30_001);
            engine.commit(SECOND, 1);
            // Frees space, so that the checksums of it are gone.
            write(engine, SECOND, 2, 0, 40_001);
            engine.commit(SECOND, 2);
            engine.upkeep();
        }
    }

    private static void write(ChunkEngine engine, ChunkKey key, long version, int offset, int length)
            throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(EngineCrashTest.pattern(length, length));
        Change change = new Change.Write(offset, bytes, Checksum.of(bytes));
        engine.apply(key, version, change, new WriteId(new UUID(1, 1), 0, version));
    }

    @Test
    void aSoundDiskHasNoProblems() throws IOException {
        DiskVerification.Report report = verify();
        assertEquals(List.of(), problems);
        assertEquals(new DiskVerification.Report(2, 3, 20_000 + 25_000 + 40_001, 2, report.freeSlots(), 1, 0), report);
    }

    @Test
    void aFlippedBitIsFound() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("extents-64k").toFile(), "rw")) {
            file.seek(4097);
            int old = file.read();
            file.seek(4097);
            file.write(old ^ 4);
        }
        assertFinds(Kind.DAMAGED, "block at 4096");
    }

    @Test
    void aSlotThatTwoChunksHaveIsFound() throws IOException {
        plant((index, changes) -> changes.add(new IndexChange(
                IndexRecords.chunkKey(new ChunkKey(1, 9, 9)), index.get(IndexRecords.chunkKey(SECOND)))));
        assertFinds(Kind.SLOT_USED_TWICE, "1/1:1 and to chunk 1/9:9");
    }

    @Test
    void aFileThatWasCutIsFound() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("extents-64k").toFile(), "rw")) {
            file.setLength(0);
        }
        assertFinds(Kind.BEYOND_FILE, "extents-64k");
    }

    @Test
    void checksumsThatAreMissingAreFound() throws IOException {
        plant((_, changes) -> changes.add(new IndexChange(IndexRecords.checksumsKey(0, 0, 0), null)));
        assertFinds(Kind.NO_CHECKSUMS, "chunk 1/1:0");
    }

    @Test
    void recordsThatCannotBeReadAreFound() throws IOException {
        plant((_, changes) -> {
            changes.add(new IndexChange(IndexRecords.chunkKey(new ChunkKey(1, 9, 9)), new byte[] {2, 1, 0}));
            changes.add(new IndexChange(new byte[] {'C', 1}, new byte[] {2, 0}));
            changes.add(new IndexChange(new byte[] {'?'}, new byte[0]));
            changes.add(new IndexChange(new byte[] {'T', 1}, new byte[0]));
            changes.add(new IndexChange(new byte[] {'S', 1}, new byte[] {2}));
        });
        verify();
        assertEquals(5, problems.size(), problems.toString());
        assertEquals(EnumSet.of(Kind.BAD_RECORD), kinds());
    }

    @Test
    void checksumsOfNobodyAreFoundAndHarmless() throws IOException {
        plant((_, changes) -> changes.add(
                new IndexChange(IndexRecords.checksumsKey(3, 1, 0), IndexRecords.checksums(new int[] {1}))));
        assertEquals(0, verify().problems());
        assertEquals(EnumSet.of(Kind.STRAY_CHECKSUMS), kinds());
    }

    private void assertFinds(Kind kind, String text) throws IOException {
        assertTrue(verify().problems() > 0);
        assertTrue(
                problems.stream()
                        .anyMatch(problem ->
                                problem.kind() == kind && problem.message().contains(text)),
                problems.toString());
    }

    private Set<Kind> kinds() {
        return problems.stream().map(Problem::kind).collect(Collectors.toSet());
    }

    private DiskVerification.Report verify() throws IOException {
        try (FileDisk disk = FileDisk.open(folder)) {
            return new DiskVerification(disk, problems::add).run(true, (_, _) -> {});
        }
    }

    private void plant(Damage damage) throws IOException {
        try (FileDisk disk = FileDisk.open(folder)) {
            List<IndexChange> changes = new ArrayList<>();
            damage.add(disk.index(), changes);
            disk.index().write(changes, true);
        }
    }

    private interface Damage {
        void add(DiskIndex index, List<IndexChange> changes) throws IOException;
    }
}
