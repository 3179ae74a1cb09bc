package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ReloadableEngineTest {
    private static final ChunkKey KEY = new ChunkKey(1, 1, 1);

    private final CrashDisk disk = new CrashDisk(new SplittableRandom(5));
    private boolean gone;

    @Test
    void aDiskThatFailedIsUsedAgainAfterAReload() throws IOException {
        try (ReloadableEngine engine = open()) {
            write(engine, 1, new byte[] {1});
            ChunkReader held = Objects.requireNonNull(engine.openCommitted(KEY));
            disk.crashAtStep(1);
            assertThrows(IOException.class, () -> write(engine, 2, new byte[] {2}));
            assertThrows(IOException.class, engine::checkDisk);
            gone = true;
            assertThrows(IOException.class, engine::reload);
            assertThrows(IOException.class, () -> write(engine, 2, new byte[] {2}));
            assertThrows(UncheckedIOException.class, () -> engine.find(KEY), "not that it is not there");
            gone = false;
            disk.restart();
            engine.reload();
            assertThrows(IOException.class, () -> held.read(MemorySegment.ofArray(new byte[1])));
            held.close();
            if (engine.find(KEY).orElseThrow().pending().isPresent()) {
                engine.commit(
                        KEY,
                        engine.find(KEY).orElseThrow().pending().orElseThrow().number());
            }
            long version = engine.find(KEY).orElseThrow().committedNumber();
            write(engine, version + 1, new byte[] {3});
            try (ChunkReader reader = Objects.requireNonNull(engine.openCommitted(KEY))) {
                byte[] bytes = new byte[1];
                reader.read(MemorySegment.ofArray(bytes));
                assertArrayEquals(new byte[] {3}, bytes);
            }
        }
    }

    private ReloadableEngine open() throws IOException {
        return new ReloadableEngine(
                () -> {
                    if (gone) {
                        throw new IOException("no such device");
                    }
                    return disk;
                },
                Thread.ofPlatform().factory(),
                EngineOptions.defaults().withGrowBytes(1));
    }

    private static void write(ChunkEngine engine, long version, byte[] bytes) throws IOException {
        MemorySegment image = MemorySegment.ofArray(bytes);
        Change change = new Change.Replace(image, Checksum.of(image));
        engine.apply(KEY, version, change, new WriteId(new UUID(1, 1), 0, version));
        engine.commit(KEY, version);
    }
}
