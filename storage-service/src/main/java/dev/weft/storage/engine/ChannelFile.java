package dev.weft.storage.engine;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A data file behind a {@link FileChannel}, which only threads that nobody interrupts may touch. */
final class ChannelFile implements DiskFile {
    private final String name;
    private final FileChannel channel;
    private final DiskThreads threads;

    ChannelFile(String name, FileChannel channel, DiskThreads threads) {
        this.name = name;
        this.channel = channel;
        this.threads = threads;
    }

    @Override
    public void read(MemorySegment into, long position) throws IOException {
        threads.run(() -> {
            ByteBuffer buffer = into.asByteBuffer();
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw new EOFException(name + " ends before " + (position + into.byteSize()));
                }
            }
        });
    }

    @Override
    public void write(MemorySegment from, long position) throws IOException {
        threads.run(() -> {
            ByteBuffer buffer = from.asByteBuffer();
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer, position + buffer.position());
                }
            } catch (IOException e) {
                // The JDK has no type for a full disk; the text is that of ENOSPC, with EDQUOT's beside it.
                String text = String.valueOf(e.getMessage());
                if (text.contains("No space left") || text.contains("quota exceeded")) {
                    throw new NoSpaceException(name + ": no space for " + from.byteSize() + " bytes", e);
                }
                throw e;
            }
        });
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }
}
