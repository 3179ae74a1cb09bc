package dev.weft.rpc.recorder;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The excerpts of one file of a queue, in order. Each begins at a multiple of 4 with a head of 4 bytes, little-endian:
 *
 * <pre>
 *  31           30     29                     0
 *  +-----------+------+-----------------------+
 *  | not ready | meta | length of what follows|   0 if nothing is there yet; 0xc0000000 at the end
 *  +-----------+------+-----------------------+
 * </pre>
 */
final class QueueFileReader implements AutoCloseable {
    private static final int NOT_READY = 0x8000_0000;
    private static final int META = 0x4000_0000;
    private static final int LENGTH = 0x3fff_ffff;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer head = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer body = ByteBuffer.allocate(1 << 16);
    private long position;

    QueueFileReader(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    Path file() {
        return file;
    }

    /** Hands over the calls of the excerpts that are there and were not read before. */
    void read(Map<Long, Long> droppedBySession, Consumer<RecordedCall> to) throws IOException {
        while (true) {
            head.clear();
            if (!fill(head, position)) {
                return;
            }
            int bits = head.getInt(0);
            if (bits == 0 || (bits & NOT_READY) != 0) {
                return;
            }
            int length = bits & LENGTH;
            if (position + 4 + length > channel.size()) {
                throw broken("an excerpt of " + length + " bytes passes the end of the file at " + channel.size());
            }
            if ((bits & META) == 0) {
                readBatch(length, droppedBySession, to);
            } else if (position == 0 && length == 0) {
                throw broken("no file of a queue");
            }
            position += 4 + (length + 3L & ~3L);
        }
    }

    private void readBatch(int length, Map<Long, Long> droppedBySession, Consumer<RecordedCall> to) throws IOException {
        if (length > BatchLayout.BATCH_BYTES_MAX) {
            throw broken("an excerpt of " + length + " bytes exceeds " + BatchLayout.BATCH_BYTES_MAX);
        }
        if (position == 0) {
            throw broken("no file of a queue");
        }
        if (body.capacity() < length) {
            body = ByteBuffer.allocate(length);
        }
        body.clear().limit(length);
        if (!fill(body, position + 4)) {
            throw new EOFException(file + " has become shorter");
        }
        body.flip();
        try {
            BatchReader batch = new BatchReader(body);
            droppedBySession.put(batch.session(), batch.dropped());
            batch.read(to);
        } catch (BatchReader.BadBatchException e) {
            throw broken(e.getMessage());
        }
    }

    private IOException broken(@Nullable String what) {
        return new IOException(file + " is broken at " + position + ": " + what);
    }

    private boolean fill(ByteBuffer into, long from) throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                return false;
            }
            at += read;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
