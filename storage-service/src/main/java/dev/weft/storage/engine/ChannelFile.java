package dev.weft.storage.engine;

import dev.weft.storage.io.ErrnoException;
import dev.weft.storage.io.FileSpace;
import dev.weft.storage.io.RingReader;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A data file behind a {@link FileChannel}, which only threads that nobody interrupts may touch. */
final class ChannelFile implements DiskFile, AutoCloseable {
    /** What is written at a time where space cannot be set aside otherwise. */
    private static final int ZEROS = 1 << 20;

    private final String name;
    private final FileChannel channel;
    private final FileSpace space;
    private final DiskThreads threads;

    /** Two that lengthen the file take turns. */
    private final ReentrantLock growing = new ReentrantLock();

    /** Its number in the disk's ring; negative if it has none. */
    private final int number;

    private ChannelFile(String name, FileChannel channel, FileSpace space, DiskThreads threads, int number) {
        this.name = name;
        this.number = number;
        this.channel = channel;
        this.space = space;
        this.threads = threads;
    }

    static ChannelFile open(Path path, DiskThreads threads, @Nullable RingReader ring) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            int number = ring == null ? -1 : ring.addFile(path);
            String name = String.valueOf(path.getFileName());
            return new ChannelFile(name, channel, FileSpace.open(path), threads, number);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    int number() {
        return number;
    }

    @Override
    public void read(MemorySegment into, long position) throws IOException {
        threads.run(() -> readHere(into, position));
    }

    /** On a thread that may block, and that nobody interrupts. */
    void readHere(MemorySegment into, long position) throws IOException {
        ByteBuffer buffer = into.asByteBuffer();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException(name + " ends before " + (position + into.byteSize()));
            }
        }
    }

    @Override
    public void write(MemorySegment from, long position) throws IOException {
        threads.run(() -> writeHere(from.asByteBuffer(), position));
    }

    private void writeHere(ByteBuffer buffer, long position) throws IOException {
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer, position + buffer.position());
            }
        } catch (IOException e) {
            // The JDK has no type for a full disk; the text is that of ENOSPC, with EDQUOT's beside it.
            String text = String.valueOf(e.getMessage());
            if (text.contains("No space left") || text.contains("quota exceeded")) {
                throw new NoSpaceException(name + ": no space for " + buffer.limit() + " bytes", e);
            }
            throw e;
        }
    }

    @Override
    public long size() throws IOException {
        long[] size = new long[1];
        threads.run(() -> size[0] = channel.size());
        return size[0];
    }

    @Override
    public void allocate(long size) throws IOException {
        threads.run(() -> {
            growing.lock();
            try {
                long old = channel.size();
                if (size > old) {
                    allocate(old, size);
                }
            } finally {
                growing.unlock();
            }
        });
    }

    private void allocate(long old, long size) throws IOException {
        try {
            space.allocate(old, size - old);
        } catch (ErrnoException e) {
            if (e.noSpace()) {
                throw new NoSpaceException(name + ": no space for " + (size - old) + " bytes more", e);
            }
            if (!e.notSupported()) {
                throw e;
            }
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
            for (long at = old; at < size; at += ZEROS) {
                writeHere(zeros.clear().limit((int) Math.min(ZEROS, size - at)), at);
            }
        }
    }

    @Override
    public void discard(long position, long length) throws IOException {
        threads.run(() -> {
            try {
                space.punch(position, length);
            } catch (ErrnoException e) {
                if (!e.notSupported()) {
                    throw e;
                }
            }
        });
    }

    @Override
    public void truncate(long size) throws IOException {
        threads.run(() -> channel.truncate(size));
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            space.close();
        }
    }
}
