package dev.weft.client;

import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.OpenReply;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskFailedException;
import dev.weft.rpc.TaskScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file from front to back.
 *
 * <p>Bytes are collected into chunks, and several chunks are on their way at a time. {@link #close} returns when all of
 * them are on every replica and the file has its length; an error that happened meanwhile is thrown by the next call, and
 * by {@code close} in any case. For the thread that opened it.
 */
public final class FileWriter implements AutoCloseable {
    private final MetaCalls meta;
    private final ChunkWrites writes;
    private final BufferPool buffers;
    private final OpenReply open;
    private final Layout layout;
    private final TaskScope scope;
    private final Semaphore window;

    /** Writes in progress, oldest first; only this writer's thread uses the queue. */
    private final Queue<Subtask<?>> inFlight = new ArrayDeque<>();

    private long position;

    /** Collects the bytes before {@link #position} that are not on their way; null if there are none. */
    private @Nullable Buffer chunk;

    private int collected;
    private boolean closed;

    FileWriter(MetaCalls meta, ChunkWrites writes, BufferPool buffers, OpenReply open, TaskScope scope, int window) {
        this.meta = meta;
        this.writes = writes;
        this.buffers = buffers;
        this.open = open;
        this.layout = open.inode().layout().orElseThrow();
        this.scope = scope;
        this.window = new Semaphore(window);
    }

    /** Bytes that were written. */
    public long position() {
        return position;
    }

    /** Appends the bytes between position and limit. */
    public void write(ByteBuffer bytes) throws IOException {
        write(MemorySegment.ofBuffer(bytes));
        bytes.position(bytes.limit());
    }

    /** Appends bytes; they are copied before the method returns. */
    public void write(MemorySegment bytes) throws IOException {
        requireOpen();
        long done = 0;
        while (done < bytes.byteSize()) {
            Buffer into = chunk();
            int room = layout.chunkSize() - collected;
            int part = (int) Math.min(room, bytes.byteSize() - done);
            MemorySegment.copy(bytes, done, into.segment(), collected, part);
            advance(part);
            done += part;
        }
    }

    /**
     * Appends what {@code source} puts into the writer's own memory, which saves a copy.
     *
     * @return what the source returned: how many bytes it put there, or -1 at its end
     */
    public int write(Source source) throws IOException {
        requireOpen();
        Buffer into = chunk();
        int count = source.read(into.segment()
                .asSlice(collected, layout.chunkSize() - collected)
                .asByteBuffer());
        if (count > 0) {
            advance(count);
        }
        return count;
    }

    /** Gives bytes, as a {@link java.nio.channels.ReadableByteChannel} does. */
    @FunctionalInterface
    public interface Source {
        int read(ByteBuffer into) throws IOException;
    }

    private Buffer chunk() throws IOException {
        Buffer current = chunk;
        if (current == null) {
            current = Memory.acquire(buffers, layout.chunkSize());
            chunk = current;
            collected = 0;
        }
        return current;
    }

    private void advance(int count) throws IOException {
        collected += count;
        position += count;
        if (collected == layout.chunkSize()) {
            send();
        }
    }

    /** Puts the collected bytes on their way. */
    private void send() throws IOException {
        Buffer bytes = chunk;
        chunk = null;
        if (bytes == null) {
            return;
        }
        if (collected == 0) {
            bytes.close();
            return;
        }
        Striping.Piece piece = Striping.cut(open.inode().inodeId(), layout, position - collected, collected)
                .getFirst();
        try {
            window.acquire();
        } catch (InterruptedException e) {
            bytes.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing", e);
        }
        Subtask<?> task = scope.fork(() -> {
            try (bytes) {
                return writes.write(piece, layout.chunkSize(), bytes);
            } finally {
                window.release();
            }
        });
        inFlight.add(task);
        throwFailure();
    }

    private void throwFailure() throws IOException {
        Subtask<?> oldest = inFlight.peek();
        while (oldest != null && oldest.state() == Subtask.State.SUCCESS) {
            inFlight.remove();
            oldest = inFlight.peek();
        }
        for (Subtask<?> task : inFlight) {
            Throwable failure = task.failure();
            if (failure != null) {
                throw new IOException("an earlier write failed: " + failure.getMessage(), failure);
            }
        }
    }

    /** Ends the file here and waits until all of it is stored. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (scope) {
            send();
            scope.join();
        } catch (TaskFailedException e) {
            throw abandoned(new IOException("a write failed: " + e.getMessage(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing", e);
        } catch (IOException e) {
            throw abandoned(e);
        }
        end(position);
    }

    private void end(long length) throws IOException {
        Inode inode = open.inode();
        CloseRequest request = new CloseRequest(
                meta.caller(), inode.inodeId(), open.session().orElseThrow(), length, inode.truncations(), true);
        meta.call("close of inode " + inode.inodeId(), service -> service.close(request));
    }

    /** Ends the session without making the file longer: while it is open, the file's chunks are kept even if it is removed. */
    private IOException abandoned(IOException why) {
        try {
            end(0);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        return why;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }
}
