package dev.weft.simulation;

import dev.weft.rpc.Environment;
import dev.weft.storage.engine.Disk;
import dev.weft.storage.engine.DiskFile;
import dev.weft.storage.engine.DiskIndex;
import dev.weft.storage.engine.NoSpaceException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A disk image as one process has it open. Operations take simulated time, and do nothing before it is over. */
final class SimulatedDisk implements Disk, DiskIndex {
    private static final long CAPACITY = 1L << 40;
    private static final long READ_NANOS = 100_000;
    private static final long WRITE_NANOS = 50_000;
    private static final long FORCE_NANOS = 500_000;

    private final DiskImage image;
    private final Environment environment;

    SimulatedDisk(DiskImage image, Environment environment) {
        this.image = image;
        this.environment = environment;
    }

    @Override
    public DiskFile file(String name) {
        return new OpenFile(image.files.computeIfAbsent(name, _ -> new FileImage()));
    }

    @Override
    public DiskIndex index() {
        return this;
    }

    @Override
    public long capacityBytes() {
        return CAPACITY;
    }

    @Override
    public long freeBytes() {
        return image.faults.full ? 0 : CAPACITY / 2;
    }

    @Override
    public void write(List<IndexChange> changes, boolean durable) throws IOException {
        image.changing.add(changes);
        try {
            take(durable ? FORCE_NANOS : WRITE_NANOS);
        } finally {
            image.changing.remove(changes);
        }
        image.write(changes, durable);
    }

    @Override
    public byte @Nullable [] get(byte[] key) throws IOException {
        take(READ_NANOS);
        return image.index.get(key);
    }

    @Override
    public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) throws IOException {
        take(READ_NANOS);
        for (Map.Entry<byte[], byte[]> entry :
                List.copyOf(image.index.tailMap(prefix).entrySet())) {
            byte[] key = entry.getKey();
            if (key.length < prefix.length || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
                return;
            }
            visitor.accept(key, entry.getValue());
        }
    }

    @Override
    public void close() {}

    /** Lets the time of an operation pass, whether or not the thread is interrupted meanwhile. */
    private void take(long usualNanos) throws IOException {
        long nanos = environment.random().nextLong(usualNanos, usualNanos * 3) * image.faults.slowness;
        long end = environment.clock().nanoTime() + nanos;
        boolean interrupted = false;
        while (environment.clock().nanoTime() - end < 0) {
            environment.clock().parkUntil(this, end);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (image.faults.failing) {
            throw new IOException("the disk fails, as the simulation wants");
        }
    }

    private final class OpenFile implements DiskFile {
        private final FileImage file;

        OpenFile(FileImage file) {
            this.file = file;
        }

        @Override
        public void read(MemorySegment into, long position) throws IOException {
            take(READ_NANOS);
            if (position + into.byteSize() > file.length) {
                throw new IOException(into.byteSize() + " bytes at " + position + " of a file of " + file.length);
            }
            byte[] bytes = new byte[(int) into.byteSize()];
            file.read(bytes, position);
            into.copyFrom(MemorySegment.ofArray(bytes));
        }

        @Override
        public void write(MemorySegment from, long position) throws IOException {
            byte[] bytes = from.toArray(ValueLayout.JAVA_BYTE);
            FileImage.Writing writing = new FileImage.Writing(bytes, position);
            file.writing.add(writing);
            try {
                take(WRITE_NANOS);
            } finally {
                file.writing.remove(writing);
            }
            requireSpace();
            file.write(bytes, 0, bytes.length, position);
        }

        private void requireSpace() throws NoSpaceException {
            if (image.faults.full) {
                throw new NoSpaceException("the disk is full, as the simulation wants");
            }
        }

        @Override
        public long size() {
            return file.length;
        }

        @Override
        public void allocate(long size) throws IOException {
            take(WRITE_NANOS);
            requireSpace();
            file.length = Math.max(file.length, size);
        }

        @Override
        public void discard(long position, long length) throws IOException {
            take(WRITE_NANOS);
            file.discard(position, length);
        }

        @Override
        public void truncate(long size) throws IOException {
            take(WRITE_NANOS);
            file.discard(size, file.length - size);
            file.length = Math.min(file.length, size);
        }

        @Override
        public void force() throws IOException {
            Map<Long, byte[]> pages = file.unforced();
            take(FORCE_NANOS);
            file.forced(pages);
        }
    }
}
