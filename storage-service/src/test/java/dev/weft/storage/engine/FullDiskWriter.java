package dev.weft.storage.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Fills the small file system that it is given, goes on until the index cannot be written either, makes space, and expects all
 * to be well after a reload. Prints {@code done}, after what it saw.
 */
final class FullDiskWriter {
    private static final ChunkKey KEY = new ChunkKey(1, 42, 0);
    private static final int RECORDS = 2000;

    private FullDiskWriter() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        try (ReloadableEngine engine = open(folder)) {
            byte[] first = EngineCrashTest.pattern(100_000, 1);
            write(engine, 1, first);
            Path ballast = folder.resolve("ballast");
            fill(ballast);
            System.out.println("the index fails: " + failureOfIndex(engine));
            System.out.println("a reload while it is full: " + reload(engine));
            require(Arrays.equals(first, readOrNothing(engine)) || readOrNothing(engine).length == 0, "wrong bytes");
            Files.delete(ballast);
            String reloaded = reload(engine);
            require(reloaded.equals("works"), "with space again the reload fails: " + reloaded);
            require(Arrays.equals(first, readOrNothing(engine)), "the chunk is lost");
            byte[] second = EngineCrashTest.pattern(200_000, 2);
            write(engine, 2, second);
            require(Arrays.equals(second, readOrNothing(engine)), "the new version is not there");
            engine.checkDisk();
            engine.upkeep();
        }
        fill(folder.resolve("ballast"));
        try (ReloadableEngine engine = open(folder)) {
            require(Arrays.equals(EngineCrashTest.pattern(200_000, 2), readOrNothing(engine)), "the chunk is lost");
            System.out.println("opened while it is full");
        }
        System.out.println("done");
    }

    private static ReloadableEngine open(Path folder) throws IOException {
        return new ReloadableEngine(
                () -> FileDisk.open(folder.resolve("disk")), Thread.ofPlatform().factory(), EngineOptions.defaults());
    }

    private static void write(ChunkEngine engine, long version, byte[] bytes) throws IOException {
        MemorySegment memory = MemorySegment.ofArray(bytes);
        engine.apply(
                KEY, version, new Change.Replace(memory, Checksum.of(memory)), new WriteId(new UUID(0, 1), 0, version));
        engine.commit(KEY, version);
    }

    private static void fill(Path ballast) throws IOException {
        try (FileChannel file = FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                file.write(ByteBuffer.allocate(4096), file.size());
            }
        } catch (IOException e) {
            System.out.println("full: " + e.getMessage());
        }
    }

    /** Its log has space set aside, so that it takes a while. */
    private static String failureOfIndex(ChunkEngine engine) {
        try {
            for (int round = 0; round < 1000; round++) {
                List<Applied> applied = new ArrayList<>();
                for (int i = 0; i < RECORDS; i++) {
                    applied.add(new Applied(1, new WriteId(new UUID(round, i), 0, 1), 1, 1, 1));
                }
                engine.putApplied(applied);
            }
        } catch (IOException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
        throw new AssertionError("the index can be written although the disk is full");
    }

    private static String reload(ReloadableEngine engine) {
        try {
            engine.reload();
            return "works";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static byte[] readOrNothing(ChunkEngine engine) throws IOException {
        try (ChunkReader reader = engine.openCommitted(KEY)) {
            if (reader == null) {
                throw new AssertionError("the chunk is gone");
            }
            MemorySegment bytes =
                    MemorySegment.ofArray(new byte[reader.version().length()]);
            reader.read(bytes);
            return bytes.toArray(ValueLayout.JAVA_BYTE);
        } catch (UncheckedIOException e) {
            return new byte[0];
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
