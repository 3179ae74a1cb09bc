package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Random changes, crashes between their two steps and reopenings, beside a model made of arrays. */
final class FileChunkEngineProperties {
    private static final int STEPS = 60;
    private static final int LENGTH_MAX = 150_000;

    private final Map<ChunkKey, byte[]> model = new HashMap<>();
    private final Map<ChunkKey, Long> versions = new HashMap<>();
    private long sequence;

    @Property(tries = 25)
    void behavesAsTheModel(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("engine-");
        SplittableRandom random = new SplittableRandom(seed);
        model.clear();
        versions.clear();
        sequence = 0;
        try {
            for (int opening = 0; opening < 3; opening++) {
                try (FileDisk disk = FileDisk.open(folder);
                        ChunkEngine engine = new FileChunkEngine(
                                disk,
                                Thread.ofPlatform().factory(),
                                EngineOptions.defaults().withGrowBytes(1))) {
                    compare(engine, random);
                    for (int step = 0; step < STEPS / 3; step++) {
                        step(engine, random);
                        if (random.nextInt(10) == 0) {
                            engine.upkeep();
                        }
                    }
                    compare(engine, random);
                }
            }
        } finally {
            delete(folder);
        }
    }

    private void step(ChunkEngine engine, SplittableRandom random) throws IOException {
        ChunkKey key = new ChunkKey(random.nextInt(2), 1, random.nextInt(4));
        byte @Nullable [] before = model.get(key);
        int offset = random.nextInt(LENGTH_MAX / 2);
        byte[] bytes = new byte[random.nextInt(1, LENGTH_MAX / 2)];
        random.nextBytes(bytes);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        byte[] old = before == null ? new byte[0] : before;
        Change change = switch (random.nextInt(7)) {
            case 0 -> new Change.Remove();
            case 1 -> new Change.Truncate(offset);
            case 2 -> new Change.Replace(memory, Checksum.of(memory));
            case 3 -> new Change.Write(0, memory, Checksum.of(memory));
            case 4 -> new Change.Write(old.length, memory, Checksum.of(memory));
            case 5 -> new Change.Truncate(old.length * 3 / 4);
            default -> new Change.Write(offset, memory, Checksum.of(memory));
        };
        byte @Nullable [] after = switch (change) {
            case Change.Remove() -> null;
            case Change.Truncate(int length) -> Arrays.copyOf(old, length);
            case Change.Replace _ -> bytes;
            case Change.Write write -> {
                int end = write.offset() + bytes.length;
                byte[] image = Arrays.copyOf(old, Math.max(old.length, end));
                System.arraycopy(bytes, 0, image, write.offset(), bytes.length);
                yield image;
            }
        };
        long number = versions.getOrDefault(key, 0L) + 1;
        engine.apply(key, number, change, new WriteId(new UUID(0, 1), 0, ++sequence));
        if (random.nextInt(4) == 0) {
            return; // Stays pending, and the next change takes its place.
        }
        engine.commit(key, number);
        if (after == null) {
            model.remove(key);
            versions.remove(key);
        } else {
            model.put(key, after);
            versions.put(key, number);
        }
    }

    private void compare(ChunkEngine engine, SplittableRandom random) throws IOException {
        for (int target = 0; target < 2; target++) {
            for (int index = 0; index < 4; index++) {
                ChunkKey key = new ChunkKey(target, 1, index);
                try (ChunkReader reader = engine.openCommitted(key)) {
                    byte @Nullable [] expected = model.get(key);
                    if (expected == null || reader == null) {
                        assertNull(expected, key + " is missing");
                        assertNull(reader, key + " should not be there");
                        continue;
                    }
                    byte[] found = new byte[reader.version().length()];
                    reader.read(MemorySegment.ofArray(found));
                    assertArrayEquals(expected, found, key.toString());
                    assertEquals(versions.get(key), reader.version().number());
                    comparePart(expected, reader, random);
                }
            }
        }
    }

    private static void comparePart(byte[] expected, ChunkReader reader, SplittableRandom random) throws IOException {
        int from = random.nextInt(expected.length + 1);
        int to = random.nextInt(from, expected.length + 1);
        try (Arena arena = Arena.ofShared()) {
            // Beside a block's border or at one, so that both ways of reading are taken.
            int shift = random.nextBoolean() ? from % Disk.BLOCK_BYTES : random.nextInt(8);
            MemorySegment part =
                    arena.allocate(shift + to - from + 1, Disk.BLOCK_BYTES).asSlice(shift, to - from);
            int checksum = reader.read(from, part);
            assertArrayEquals(Arrays.copyOfRange(expected, from, to), part.toArray(ValueLayout.JAVA_BYTE));
            assertEquals(Checksum.of(part), checksum);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
