package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The power fails at every step that the disk takes for every kind of operation. Afterwards everything that was acknowledged
 * is there, every checksum fits, and each slot belongs to one extent or to nobody.
 */
final class EnginePowerLossTest {
    private static final int SEEDS = 6;
    private static final ChunkKey KEY = new ChunkKey(1, 1, 0);
    private static final UUID CLIENT = new UUID(3, 4);

    /** What is done while the power may fail. {@link World#fill} was done before. */
    private static final Map<String, Operation> OPERATIONS = operations();

    private static Map<String, Operation> operations() {
        Map<String, Operation> all = new TreeMap<>();
        all.put("create", world -> world.change(new ChunkKey(1, 1, 7), write(0, 70_000)));
        all.put("overwrite", world -> world.change(KEY, write(5_000, 3_000)));
        all.put("append in place", world -> world.change(KEY, write(30_000, 9_000)));
        all.put("append behind a gap", world -> world.change(KEY, write(45_000, 1_000)));
        all.put("append into a larger extent", world -> world.change(KEY, write(30_000, 90_000)));
        all.put("cut in place", world -> world.change(KEY, new Change.Truncate(21_000)));
        all.put("cut to a smaller extent", world -> world.change(new ChunkKey(1, 1, 1), new Change.Truncate(9_000)));
        all.put("extend", world -> world.change(KEY, new Change.Truncate(50_001)));
        all.put("remove", world -> world.change(KEY, new Change.Remove()));
        all.put("replace", world -> {
            MemorySegment image = MemorySegment.ofArray(EngineCrashTest.pattern(130_000, 9));
            world.change(KEY, new Change.Replace(image, Checksum.of(image)));
        });
        all.put("appends one after the other", world -> {
            for (int i = 0; i < 4; i++) {
                world.change(KEY, write(30_000 + i * 3_000, 3_000));
            }
        });
        all.put("versions that take each other's space", world -> {
            for (int i = 0; i < 4; i++) {
                world.change(KEY, write(0, 40_000 + i));
                world.change(new ChunkKey(1, 1, 2), write(0, 50_000 + i));
            }
        });
        all.put("pending is given up", world -> {
            world.apply(KEY, write(30_000, 8_000));
            world.change(KEY, write(30_000, 5_000));
        });
        all.put("upkeep", world -> {
            for (int index = 10; index < 17; index++) {
                world.change(new ChunkKey(1, 2, index), new Change.Remove());
            }
            world.engine().upkeep();
            world.engine().upkeep();
            world.engine().upkeep();
        });
        return all;
    }

    @TestFactory
    List<DynamicTest> everythingAcknowledgedSurvivesALossOfPowerAtEachStepOf() {
        List<DynamicTest> tests = new ArrayList<>();
        OPERATIONS.forEach((name, operation) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            int steps = steps(operation);
            assertTrue(steps > 0, name + " takes no step");
            for (int step = 1; step <= steps; step++) {
                for (int seed = 0; seed < SEEDS; seed++) {
                    crash(name, operation, step, seed);
                }
            }
        })));
        return tests;
    }

    /** The check would be worth nothing if it could not fail. */
    @Test
    void whatAWriterWhoForcesNothingLosesIsNoticed() throws IOException {
        int lost = 0;
        for (int seed = 0; seed < 20; seed++) {
            World world = new World(new SplittableRandom(seed), true);
            try {
                world.fill();
                world.change(KEY, write(0, 33_000));
                world.crashNow();
                world.check("unforced " + seed);
            } catch (AssertionError | IOException e) {
                lost++;
            } finally {
                world.close();
            }
        }
        assertTrue(lost > 10, lost + " of 20 losses were noticed");
    }

    private static int steps(Operation operation) throws IOException {
        try (World world = new World(new SplittableRandom(0), false)) {
            world.fill();
            world.disk.crashAtStep(Integer.MAX_VALUE);
            operation.run(world);
            return world.disk.steps();
        }
    }

    private static void crash(String name, Operation operation, int step, int seed) throws IOException {
        String where = name + ", step " + step + ", seed " + seed;
        try (World world = new World(new SplittableRandom(31L * step + seed), false)) {
            world.fill();
            world.disk.crashAtStep(step);
            try {
                operation.run(world);
            } catch (IOException e) {
                assertTrue(world.disk.crashed(), where + ": " + e);
            }
            world.crashNow();
            world.check(where);
            // The disk must be as good as new.
            world.change(KEY, new Change.Truncate(0));
            world.change(KEY, write(0, 66_000));
            world.change(KEY, write(66_000, 2_000));
            world.crashNow();
            world.check(where + ", used again");
            world.removeAll(where);
        }
    }

    private static Change write(int offset, int length) {
        MemorySegment bytes = MemorySegment.ofArray(EngineCrashTest.pattern(length, offset + length));
        return new Change.Write(offset, bytes, Checksum.of(bytes));
    }

    private interface Operation {
        void run(World world) throws IOException;
    }

    /** An engine, and what it must have: for each chunk what was acknowledged last, and what was begun since. */
    private static final class World implements AutoCloseable {
        final CrashDisk disk;
        private final Disk seen;
        private ChunkEngine engine;
        private final Map<ChunkKey, Long> versions = new TreeMap<>();
        private final Map<ChunkKey, byte[]> committed = new TreeMap<>();

        /** Was begun or acknowledged as pending, and may be either version's content. */
        private final Map<ChunkKey, byte[]> begun = new TreeMap<>();

        /** Acknowledged as pending: it, or what was committed later, is there. */
        private final Map<ChunkKey, byte[]> pending = new TreeMap<>();

        private long sequence;

        World(SplittableRandom random, boolean forgetful) throws IOException {
            this.disk = new CrashDisk(random);
            this.seen = forgetful ? new ForgetfulDisk(disk) : disk;
            this.engine = open();
        }

        private ChunkEngine open() throws IOException {
            return new FileChunkEngine(
                    seen,
                    Thread.ofPlatform().factory(),
                    EngineOptions.defaults().withGrowBytes(1));
        }

        ChunkEngine engine() {
            return engine;
        }

        void fill() throws IOException {
            change(KEY, write(0, 30_000));
            change(new ChunkKey(1, 1, 1), write(0, 120_000));
            change(new ChunkKey(1, 1, 2), write(0, 3));
            for (int index = 10; index < 18; index++) {
                change(new ChunkKey(1, 2, index), write(0, 100 + index));
            }
        }

        void apply(ChunkKey key, Change change) throws IOException {
            byte[] old = committed.getOrDefault(key, new byte[0]);
            byte[] after = after(old, change);
            begun.put(key, after);
            long version = versions.getOrDefault(key, 0L) + 1;
            engine.apply(key, version, change, new WriteId(CLIENT, 0, ++sequence));
            pending.put(key, after);
        }

        void change(ChunkKey key, Change change) throws IOException {
            apply(key, change);
            long version = versions.getOrDefault(key, 0L) + 1;
            engine.commit(key, version);
            byte[] after = pending.remove(key);
            begun.remove(key);
            committed.put(key, after);
            versions.put(key, change instanceof Change.Remove ? 0 : version);
        }

        void removeAll(String where) throws IOException {
            for (ChunkInfo info : engine.list(1, null, 1000)) {
                change(info.key(), new Change.Remove());
            }
            assertEquals(0, engine.usedBytes(), where + ": space is lost");
        }

        private static byte[] after(byte[] old, Change change) {
            return switch (change) {
                case Change.Remove() -> new byte[0];
                case Change.Truncate(int length) -> Arrays.copyOf(old, length);
                case Change.Replace(MemorySegment image, int _) -> image.toArray(ValueLayout.JAVA_BYTE);
                case Change.Write(int offset, MemorySegment bytes, int _) -> {
                    int end = offset + (int) bytes.byteSize();
                    byte[] image = Arrays.copyOf(old, Math.max(old.length, end));
                    MemorySegment.copy(bytes, 0, MemorySegment.ofArray(image), offset, bytes.byteSize());
                    yield image;
                }
            };
        }

        void crashNow() throws IOException {
            disk.crashAtStep(0);
            engine.close();
            disk.restart();
            engine = open();
        }

        /** Settles what is pending, as a chain does, and compares. */
        void check(String where) throws IOException {
            for (ChunkInfo info : engine.list(1, null, 1000)) {
                // Others may be reading the committed version, also when another one is pending.
                read(info.key());
                if (info.pending().isPresent()) {
                    engine.commit(info.key(), info.pending().get().number());
                }
            }
            for (Map.Entry<ChunkKey, byte[]> entry : committed.entrySet()) {
                ChunkKey key = entry.getKey();
                byte[] found = read(key);
                byte[] wanted = pending.getOrDefault(key, entry.getValue());
                byte @Nullable [] other = begun.get(key);
                if (other == null || !Arrays.equals(other, found)) {
                    assertArrayEquals(wanted, found, where + ": chunk " + key);
                }
                long number = engine.find(key).map(ChunkInfo::committedNumber).orElse(0L);
                entry.setValue(found);
                versions.put(key, number);
            }
            for (Map.Entry<ChunkKey, byte[]> entry : begun.entrySet()) {
                // A new chunk that was not acknowledged is there as a whole or not at all.
                byte[] found = read(entry.getKey());
                assertTrue(
                        found.length == 0
                                || Arrays.equals(entry.getValue(), found)
                                || Arrays.equals(committed.get(entry.getKey()), found),
                        where);
                committed.put(entry.getKey(), found);
                versions.put(
                        entry.getKey(),
                        engine.find(entry.getKey())
                                .map(ChunkInfo::committedNumber)
                                .orElse(0L));
            }
            begun.clear();
            pending.clear();
            for (ChunkInfo info : engine.list(1, null, 1000)) {
                assertNotNull(committed.get(info.key()), where + ": chunk " + info.key() + " came from nowhere");
            }
        }

        private byte[] read(ChunkKey key) throws IOException {
            try (ChunkReader reader = engine.openCommitted(key)) {
                if (reader == null) {
                    return new byte[0];
                }
                byte[] bytes = new byte[reader.version().length()];
                reader.read(MemorySegment.ofArray(bytes));
                return bytes;
            }
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    /** Says that it forced, and did not. */
    private record ForgetfulDisk(CrashDisk disk) implements Disk {
        @Override
        public DiskFile file(String name) {
            DiskFile file = disk.file(name);
            return new DiskFile() {
                @Override
                public void read(MemorySegment into, long position) throws IOException {
                    file.read(into, position);
                }

                @Override
                public void write(MemorySegment from, long position) throws IOException {
                    file.write(from, position);
                }

                @Override
                public long size() throws IOException {
                    return file.size();
                }

                @Override
                public void allocate(long size) throws IOException {
                    file.allocate(size);
                }

                @Override
                public void discard(long position, long length) throws IOException {
                    file.discard(position, length);
                }

                @Override
                public void truncate(long size) throws IOException {
                    file.truncate(size);
                }

                @Override
                public void force() {}
            };
        }

        @Override
        public DiskIndex index() {
            return disk.index();
        }

        @Override
        public long capacityBytes() {
            return disk.capacityBytes();
        }

        @Override
        public long freeBytes() {
            return disk.freeBytes();
        }

        @Override
        public void close() {}
    }
}
