package dev.weft.bench.storage;

import dev.weft.storage.engine.Change;
import dev.weft.storage.engine.Checksum;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkReader;
import dev.weft.storage.engine.WriteId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** What the engine is asked to do while it is measured. */
final class EngineLoad {
    static final int CHUNK_BYTES = 1 << 20;

    private static final UUID CLIENT = new UUID(1, 2);

    private final ChunkEngine engine;
    private final int chunks;

    EngineLoad(ChunkEngine engine, int chunks) {
        this.engine = engine;
        this.chunks = chunks;
    }

    void fill() throws IOException, InterruptedException {
        AtomicLong next = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                byte[] bytes = new byte[CHUNK_BYTES];
                for (long chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
                    new Random(chunk).nextBytes(bytes);
                    write(new ChunkKey(1, 1, (int) chunk), 1, 0, MemorySegment.ofArray(bytes));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** As many virtual threads as are asked for, each with one read at a time; reads/s. */
    double randomReads(int bytes, int depth, double seconds) throws InterruptedException {
        AtomicLong done = new AtomicLong();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Thread> threads = new ArrayList<>();
        long begun = System.nanoTime();
        try (Arena arena = Arena.ofShared()) {
            for (int i = 0; i < depth; i++) {
                SplittableRandom random = new SplittableRandom(begun + i);
                MemorySegment memory = arena.allocate(bytes, 4096);
                threads.add(Thread.startVirtualThread(() -> {
                    long count = 0;
                    while (System.nanoTime() < end) {
                        read(random, memory);
                        count++;
                    }
                    done.addAndGet(count);
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return done.get() / ((System.nanoTime() - begun) / 1e9);
    }

    private void read(SplittableRandom random, MemorySegment memory) {
        int bytes = (int) memory.byteSize();
        ChunkKey key = new ChunkKey(1, 1, random.nextInt(chunks));
        int offset = random.nextInt(CHUNK_BYTES / bytes) * bytes;
        try (ChunkReader reader = Objects.requireNonNull(engine.openCommitted(key))) {
            reader.read(offset, memory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One writer of 4 KiB at a time, each committed; median in µs. Appends until a chunk is full, or overwrites. */
    double syncedWrites(double seconds, boolean append, int round) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(new byte[4096]);
        long[] nanos = new long[1 << 20];
        int count = 0;
        int file = 10 + 2 * round + (append ? 0 : 1);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (int chunk = 0; System.nanoTime() < end; chunk++) {
            ChunkKey key = new ChunkKey(1, file, append ? chunk : 0);
            for (int i = 0; i < CHUNK_BYTES / 4096 && System.nanoTime() < end && count < nanos.length; i++) {
                bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, count);
                long begun = System.nanoTime();
                long version =
                        engine.find(key).map(info -> info.committedNumber()).orElse(0L) + 1;
                write(key, version, append ? i * 4096 : i % 16 * 4096, bytes);
                nanos[count++] = System.nanoTime() - begun;
            }
        }
        Arrays.sort(nanos, 0, count);
        return nanos[count / 2] / 1e3;
    }

    private void write(ChunkKey key, long version, int offset, MemorySegment bytes) {
        try {
            Change change = new Change.Write(offset, bytes, Checksum.of(bytes));
            engine.apply(key, version, change, new WriteId(CLIENT, 0, version));
            engine.commit(key, version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
