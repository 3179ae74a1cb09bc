package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.storage.engine.Change;
import dev.weft.storage.engine.Checksum;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.FileChunkEngine;
import dev.weft.storage.engine.FileDisk;
import dev.weft.storage.engine.WriteId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageCommandTest {
    @TempDir
    Path data;

    @BeforeEach
    void writeAChunk() throws IOException {
        try (FileDisk disk = FileDisk.open(data.resolve("storage"));
                ChunkEngine engine =
                        new FileChunkEngine(disk, Thread.ofPlatform().factory())) {
            ChunkKey key = new ChunkKey(1, 2, 3);
            MemorySegment bytes = MemorySegment.ofArray(new byte[100_000]);
            engine.apply(key, 1, new Change.Replace(bytes, Checksum.of(bytes)), new WriteId(new UUID(1, 1), 0, 1));
            engine.commit(key, 1);
        }
    }

    @Test
    void aSoundDiskIsReportedAsSuch() {
        Outcome outcome = Outcome.of("storage", "fsck", "--data", data.toString());
        assertEquals(0, outcome.exitCode(), outcome.errors());
        assertTrue(outcome.output().startsWith("1 chunks, 1 versions, "), outcome.output());
        assertTrue(outcome.output().endsWith("the disk is sound\n"), outcome.output());
    }

    @Test
    void damageIsReportedWithItsPlace() throws IOException {
        damage();
        Outcome outcome =
                Outcome.of("storage", "fsck", "--data", data.resolve("storage").toString());
        assertEquals(Failures.FAILED, outcome.exitCode());
        assertTrue(
                outcome.output().startsWith("damaged: chunk 1/2:3 version 1: block at 69632 has checksum "),
                outcome.output());
        assertEquals(
                0,
                Outcome.of("storage", "fsck", "--quick", "--data", data.toString())
                        .exitCode());
    }

    @Test
    void damageIsReportedToMachines() throws IOException {
        damage();
        Outcome outcome = Outcome.of("storage", "fsck", "--json", "--data", data.toString());
        assertEquals(Failures.FAILED, outcome.exitCode());
        assertTrue(
                outcome.output().startsWith("{\"sound\":false,\"chunks\":1,\"versions\":1,\"verifiedBytes\":100000,"),
                outcome.output());
        assertTrue(
                outcome.output().contains("\"problems\":[{\"kind\":\"damaged\",\"harmful\":true,\"message\":\"chunk"),
                outcome.output());
    }

    @Test
    void aFolderThatIsNoDiskStaysAsItIs() {
        Path folder = data.resolve("elsewhere");
        Outcome outcome = Outcome.of("storage", "fsck", "--data", folder.toString());
        assertEquals(Failures.NOT_FOUND, outcome.exitCode());
        assertFalse(Files.exists(folder));
    }

    @Test
    void aDiskInUseIsLeftAlone() throws IOException {
        try (FileDisk _ = FileDisk.open(data.resolve("storage"))) {
            Outcome outcome = Outcome.of("storage", "fsck", "--data", data.toString());
            assertEquals(Failures.FAILED, outcome.exitCode());
            assertTrue(outcome.errors().contains("lock"), outcome.errors());
        }
    }

    @Test
    void theFolderMustBeNamed() {
        assertEquals(Failures.WRONG_USAGE, Outcome.of("storage", "fsck").exitCode());
    }

    private void damage() throws IOException {
        Path file = data.resolve("storage").resolve("extents-128k");
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(70_000);
            bytes.write(1);
        }
    }
}
