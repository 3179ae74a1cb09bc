package dev.weft.storage.engine;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory whose power fails at a chosen step. A step is a call that changes something. Of what was not forced
 * by then, each byte is there or not, by chance; of the index's batches that were not durable, the first few are.
 *
 * <p>One lock guards everything here.
 */
final class CrashDisk implements Disk {
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, MemoryFile> files = new TreeMap<>();

    private final Index index = new Index();
    private final SplittableRandom random;

    private int steps;

    private int crashAt = Integer.MAX_VALUE;

    CrashDisk(SplittableRandom random) {
        this.random = random;
    }

    /** The power fails in the middle of the step of that number, counted from now. */
    void crashAtStep(int number) {
        lock.lock();
        try {
            steps = 0;
            crashAt = number;
        } finally {
            lock.unlock();
        }
    }

    int steps() {
        lock.lock();
        try {
            return steps;
        } finally {
            lock.unlock();
        }
    }

    boolean crashed() {
        return steps() >= crashAt();
    }

    private int crashAt() {
        lock.lock();
        try {
            return crashAt;
        } finally {
            lock.unlock();
        }
    }

    /** The power comes back: what was not durable is lost, in part. */
    void restart() {
        lock.lock();
        try {
            crashAt = Integer.MAX_VALUE;
            files.values().forEach(file -> file.lose());
            index.lose();
        } finally {
            lock.unlock();
        }
    }

    /** True if the step is the one that the power fails in; later ones fail at once. */
    private boolean failsHere() throws IOException {
        if (steps >= crashAt) {
            throw new IOException("no power");
        }
        steps++;
        return steps == crashAt;
    }

    @Override
    public DiskFile file(String name) {
        lock.lock();
        try {
            return files.computeIfAbsent(name, MemoryFile::new);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public DiskIndex index() {
        return index;
    }

    @Override
    public long capacityBytes() {
        return 1L << 40;
    }

    @Override
    public long freeBytes() {
        return 1L << 39;
    }

    @Override
    public void close() {}

    private final class MemoryFile implements DiskFile {
        private final String name;

        /** What a program sees. */
        private byte[] seen = new byte[0];

        /** What is certainly on the disk. */
        private byte[] durable = new byte[0];

        MemoryFile(String name) {
            this.name = name;
        }

        @Override
        public void read(MemorySegment into, long position) throws IOException {
            lock.lock();
            try {
                if (position + into.byteSize() > seen.length) {
                    throw new EOFException(name + " has " + seen.length + " bytes");
                }
                MemorySegment.copy(MemorySegment.ofArray(seen), position, into, 0, into.byteSize());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void write(MemorySegment from, long position) throws IOException {
            lock.lock();
            try {
                boolean fails = failsHere();
                grow(position + from.byteSize());
                long length = fails ? random.nextLong(from.byteSize() + 1) : from.byteSize();
                MemorySegment.copy(from, 0, MemorySegment.ofArray(seen), position, length);
                if (fails) {
                    throw new IOException("no power");
                }
            } finally {
                lock.unlock();
            }
        }

        private void grow(long size) {
            if (size > seen.length) {
                seen = Arrays.copyOf(seen, Math.toIntExact(size));
            }
        }

        @Override
        public long size() {
            lock.lock();
            try {
                return seen.length;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void allocate(long size) throws IOException {
            lock.lock();
            try {
                if (failsHere()) {
                    throw new IOException("no power");
                }
                grow(size);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void discard(long position, long length) throws IOException {
            lock.lock();
            try {
                boolean fails = failsHere();
                Arrays.fill(seen, (int) position, (int) (position + length), (byte) 0);
                if (fails) {
                    throw new IOException("no power");
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            lock.lock();
            try {
                boolean fails = failsHere();
                seen = Arrays.copyOf(seen, Math.toIntExact(size));
                if (fails) {
                    throw new IOException("no power");
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void force() throws IOException {
            lock.lock();
            try {
                if (failsHere()) {
                    throw new IOException("no power");
                }
                durable = seen.clone();
            } finally {
                lock.unlock();
            }
        }

        /** Sectors of 512 bytes, and pieces of them, are the new or the old ones. */
        void lose() {
            byte[] left = Arrays.copyOf(durable, random.nextBoolean() ? seen.length : durable.length);
            for (int at = 0; at < Math.min(seen.length, left.length); ) {
                int piece = Math.min(1 + random.nextInt(4096), Math.min(seen.length, left.length) - at);
                if (random.nextBoolean()) {
                    System.arraycopy(seen, at, left, at, piece);
                }
                at += piece;
            }
            seen = left;
            durable = left.clone();
        }
    }

    private final class Index implements DiskIndex {
        private final NavigableMap<byte[], byte[]> durable = new TreeMap<>(Arrays::compareUnsigned);

        private final List<List<IndexChange>> later = new ArrayList<>();

        @Override
        public void write(List<IndexChange> changes, boolean makeDurable) throws IOException {
            lock.lock();
            try {
                boolean fails = failsHere();
                later.add(List.copyOf(changes));
                if (fails) {
                    throw new IOException("no power");
                }
                if (makeDurable) {
                    later.forEach(batch -> put(durable, batch));
                    later.clear();
                }
            } finally {
                lock.unlock();
            }
        }

        private static void put(Map<byte[], byte[]> map, List<IndexChange> batch) {
            for (IndexChange change : batch) {
                byte[] value = change.value();
                if (value == null) {
                    map.remove(change.key());
                } else {
                    map.put(change.key(), value);
                }
            }
        }

        private Map<byte[], byte[]> all() {
            Map<byte[], byte[]> all = new TreeMap<>(durable);
            later.forEach(batch -> put(all, batch));
            return all;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            lock.lock();
            try {
                return all().get(key);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
            Map<byte[], byte[]> all;
            lock.lock();
            try {
                all = all();
            } finally {
                lock.unlock();
            }
            all.forEach((key, value) -> {
                if (key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
                    visitor.accept(key, value);
                }
            });
        }

        void lose() {
            int kept = random.nextInt(later.size() + 1);
            later.subList(0, kept).forEach(batch -> put(durable, batch));
            later.clear();
        }
    }
}
