package dev.weft.rpc.recorder;

import dev.weft.rpc.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.TestRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The queue's files, each named by the second in which it was begun. The queue begins another one when its clock shows another
 * second; so its clock stands still until we want that. For one thread, which is not virtual: the files are mapped memory, which may wait
 * for the disk.
 */
final class QueueFiles implements AutoCloseable {
    static final String SUFFIX = ".cq4";

    /** Start of 2025: what counts seconds since then in an {@code int} lasts until 2093. */
    private static final long EPOCH_MILLIS = 1_735_689_600_000L;

    /** How much of a file is mapped at once. More is faster, and makes a file that was never closed look larger. */
    private static final int BLOCK_BYTES = 4 << 20;

    /** For a thousand times as many batches, of which a file has some thousands at most. */
    private static final int INDEX_COUNT = 1024;

    private static final int INDEX_SPACING = 64;

    static {
        // It reports its use to its makers, which it has no business to; it watches the disk by a thread, as we do
        // ourselves.
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
    }

    private final RecorderConfig config;
    private final Clock clock;
    private final FileStore disk;

    /** Two writers in one folder would remove each other's files. */
    private final FileChannel lock;

    private final ChronicleQueue queue;
    private final ExcerptAppender appender;

    /** What the queue takes for the time of day. */
    private volatile long queueMillis;

    /** Of the current file, about. */
    private long bytes;

    /** @throws IOException if there is not enough space */
    QueueFiles(RecorderConfig config, Clock clock) throws IOException {
        this.config = config;
        this.clock = clock;
        Files.createDirectories(config.folder());
        this.disk = Files.getFileStore(config.folder());
        requireSpace();
        this.lock = lock(config.folder());
        this.queueMillis = nextSecond(newest(config.folder()));
        boolean opened = false;
        try {
            removeOldest();
            this.queue = open();
            this.appender = queue.createAppender();
            opened = true;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    private ChronicleQueue open() {
        return SingleChronicleQueueBuilder.binary(config.folder())
                .rollCycle(TestRollCycles.TEST_SECONDLY)
                .epoch(EPOCH_MILLIS)
                .indexCount(INDEX_COUNT)
                .indexSpacing(INDEX_SPACING)
                .blockSize(BLOCK_BYTES)
                .timeProvider(() -> queueMillis)
                .build();
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel file =
                FileChannel.open(folder.resolve("writer.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                return file;
            }
        } catch (OverlappingFileLockException e) {
            // By this process.
        }
        file.close();
        throw new IOException("another recorder writes there");
    }

    /** Now, or a second after the newest file if that comes later. */
    private long nextSecond(@Nullable Instant newest) {
        long now = clock.instant().toEpochMilli();
        return newest == null ? now : Math.max(now, newest.toEpochMilli() + 1000);
    }

    private static @Nullable Instant newest(Path folder) throws IOException {
        List<Path> files = files(folder);
        return files.isEmpty() ? null : FileNames.time(files.getLast());
    }

    /** The queue's files in a folder, oldest first. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return new ArrayList<>(all.filter(FileNames::isOfQueue).sorted().toList());
        }
    }

    private void beginNext() throws IOException {
        queueMillis = Math.max(clock.instant().toEpochMilli(), queueMillis + 1000);
        bytes = 0;
        removeOldest();
    }

    /**
     * Appends a batch, in a new file if the last is full.
     *
     * @throws IOException if there is not enough space. The queue throws much else when the disk fails
     */
    void append(ByteBuffer batch) throws IOException {
        requireSpace();
        if (bytes >= config.fileBytes()) {
            beginNext();
        }
        int length = batch.remaining();
        try (DocumentContext document = appender.writingDocument()) {
            Wire wire = document.wire();
            if (wire == null) {
                throw new IOException("the queue takes no excerpt");
            }
            wire.bytes().write(batch.array(), batch.arrayOffset() + batch.position(), length);
        }
        bytes += length + 4;
    }

    private void requireSpace() throws IOException {
        long free = disk.getUsableSpace();
        if (free < config.spareBytes()) {
            throw new IOException(
                    "the disk has " + free + " bytes left, of which " + config.spareBytes() + " are not for records");
        }
    }

    /** Leaves room for a new file. */
    private void removeOldest() throws IOException {
        List<Path> files = files(config.folder());
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        for (Path file : files) {
            if (total + config.fileBytes() + BLOCK_BYTES <= config.limitBytes()) {
                return;
            }
            total -= Files.size(file);
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            appender.close();
            queue.close();
        }
    }
}
