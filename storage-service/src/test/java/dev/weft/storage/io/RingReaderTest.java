package dev.weft.storage.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Skipped by name where the kernel does not let us use io_uring. */
final class RingReaderTest {
    private static final int BLOCKS = 1000;
    private static final int BLOCK = RingReader.ALIGNMENT;

    @TempDir
    Path folder;

    private @Nullable RingReader ring;
    private int file;

    @BeforeEach
    void open() throws IOException {
        Path path = folder.resolve("numbers");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate((long) BLOCKS * BLOCK);
            for (int block = 0; block < BLOCKS; block++) {
                numbers.asSlice((long) block * BLOCK, BLOCK).fill((byte) block);
            }
            Files.write(path, numbers.toArray(ValueLayout.JAVA_BYTE));
        }
        try {
            ring = RingReader.open();
            file = ring.addFile(path);
        } catch (IOException e) {
            assumeTrue(false, "no io_uring here: " + e.getMessage());
        }
    }

    @AfterEach
    void close() throws IOException {
        if (ring != null) {
            ring.close();
        }
    }

    @Test
    void aBatchLargerThanTheRingIsRead() throws IOException {
        read(new SplittableRandom(1), 2000);
    }

    @Test
    void manyThreadsReadAtTheSameTime() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 100; i++) {
            SplittableRandom random = new SplittableRandom(i);
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    for (int round = 0; round < 50; round++) {
                        read(random, 1 + random.nextInt(8));
                    }
                } catch (IOException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(failures.isEmpty(), failures.toString());
    }

    @Test
    void aReadBehindTheEndFailsAndTheNextOneDoesNot() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment into = arena.allocate(2 * BLOCK, BLOCK);
            List<RingReader.Read> reads = List.of(new RingReader.Read(file, (BLOCKS - 1L) * BLOCK, into));
            IOException e = assertThrows(IOException.class, () -> ring().read(reads));
            assertTrue(e.getCause() instanceof EOFException, e.toString());
            ring().read(List.of(new RingReader.Read(file, 7L * BLOCK, into)));
            assertEquals(7, into.get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void anInterruptedThreadStillGetsItsBytes() throws IOException {
        Thread.currentThread().interrupt();
        read(new SplittableRandom(2), 3);
        assertTrue(Thread.interrupted());
    }

    @Test
    void unalignedMemoryIsRefused() {
        MemorySegment heap = MemorySegment.ofArray(new byte[BLOCK]);
        assertThrows(IllegalArgumentException.class, () -> new RingReader.Read(file, 0, heap));
        MemorySegment memory = Arena.ofAuto().allocate(2 * BLOCK, BLOCK);
        assertThrows(IllegalArgumentException.class, () -> new RingReader.Read(file, 0, memory.asSlice(512, BLOCK)));
        assertThrows(IllegalArgumentException.class, () -> new RingReader.Read(file, 512, memory.asSlice(0, BLOCK)));
    }

    @Test
    void readsAfterTheEndOfTheReaderFail() throws IOException {
        RingReader closed = ring();
        closed.close();
        ring = null;
        MemorySegment memory = Arena.ofAuto().allocate(BLOCK, BLOCK);
        assertThrows(IOException.class, () -> closed.read(List.of(new RingReader.Read(file, 0, memory))));
    }

    private void read(SplittableRandom random, int count) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            List<RingReader.Read> reads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long block = random.nextInt(BLOCKS);
                reads.add(new RingReader.Read(file, block * BLOCK, arena.allocate(BLOCK, BLOCK)));
            }
            ring().read(reads);
            for (RingReader.Read read : reads) {
                byte expected = (byte) (read.position() / BLOCK);
                assertEquals(expected, read.into().get(ValueLayout.JAVA_BYTE, 0));
                assertEquals(expected, read.into().get(ValueLayout.JAVA_BYTE, BLOCK - 1));
            }
        }
    }

    private RingReader ring() {
        return Objects.requireNonNull(ring);
    }
}
