package dev.weft.storage.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes chunks in every way until it is killed, and prints {@code chunk step .} for each change that is acknowledged. What a
 * step does follows from the chunk and the step.
 */
final class CrashWriter {
    private static final int WRITERS = 8;
    private static final int LENGTH_MAX = 200_000;

    private CrashWriter() {}

    public static void main(String[] arguments) throws Exception {
        ChunkEngine engine = open(FileDisk.open(Path.of(arguments[0])));
        for (int i = 0; i < WRITERS; i++) {
            int chunk = i;
            Thread.startVirtualThread(() -> writeForever(engine, chunk));
        }
        while (true) {
            engine.upkeep();
        }
    }

    static ChunkEngine open(Disk disk) throws IOException {
        return new FileChunkEngine(
                disk, Thread.ofPlatform().factory(), EngineOptions.defaults().withGrowBytes(1));
    }

    private static void writeForever(ChunkEngine engine, int chunk) {
        byte @Nullable [] content = null;
        try {
            for (long step = 1; ; step++) {
                Change change = change(chunk, step, content);
                long version =
                        engine.find(key(chunk)).map(ChunkInfo::committedNumber).orElse(0L) + 1;
                engine.apply(key(chunk), version, change, new WriteId(new UUID(0, chunk), 0, step));
                engine.commit(key(chunk), version);
                content = after(content, change);
                System.out.println(chunk + " " + step + " .");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static ChunkKey key(int chunk) {
        return new ChunkKey(1, 42, chunk);
    }

    /** The content of a chunk after a step; null if it is not there. */
    static byte @Nullable [] content(int chunk, long steps) {
        byte @Nullable [] content = null;
        for (long step = 1; step <= steps; step++) {
            content = after(content, change(chunk, step, content));
        }
        return content;
    }

    private static Change change(int chunk, long step, byte @Nullable [] old) {
        SplittableRandom random = new SplittableRandom(chunk * 1_000_003L + step);
        int length = old == null ? 0 : old.length;
        byte[] bytes = EngineCrashTest.pattern(random.nextInt(1, LENGTH_MAX / 4), (int) step);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        return switch (length > LENGTH_MAX ? 0 : random.nextInt(10)) {
            case 0 -> new Change.Truncate(random.nextInt(LENGTH_MAX / 8));
            case 1 -> old == null ? new Change.Truncate(1) : new Change.Remove();
            case 2 -> new Change.Replace(memory, Checksum.of(memory));
            case 3, 4 -> new Change.Write(random.nextInt(length + 1), memory, Checksum.of(memory));
            case 5 -> new Change.Truncate(length + 1000);
            default -> new Change.Write(length, memory, Checksum.of(memory));
        };
    }

    private static byte @Nullable [] after(byte @Nullable [] old, Change change) {
        byte[] before = old == null ? new byte[0] : old;
        return switch (change) {
            case Change.Remove() -> null;
            case Change.Truncate(int length) -> Arrays.copyOf(before, length);
            case Change.Replace(MemorySegment image, int _) -> image.toArray(ValueLayout.JAVA_BYTE);
            case Change.Write(int offset, MemorySegment bytes, int _) -> {
                int end = offset + (int) bytes.byteSize();
                byte[] image = Arrays.copyOf(before, Math.max(before.length, end));
                MemorySegment.copy(bytes, 0, MemorySegment.ofArray(image), offset, bytes.byteSize());
                yield image;
            }
        };
    }
}
