package dev.weft.client;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.Layout;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.TaskScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Reads a file, of the length that it had when it was opened. Thread-safe. */
public final class FileReader {
    /** Read by one request; large enough to make the round trip cheap, small enough to spread over nodes. */
    static final int PART_BYTES = 1 << 20;

    private final ChunkFetches fetches;
    private final BufferPool buffers;
    private final Environment environment;
    private final Inode inode;
    private final ReplicaChoice choice;
    private final int window;

    FileReader(
            ChunkFetches fetches,
            BufferPool buffers,
            Environment environment,
            Inode inode,
            ReplicaChoice choice,
            int window) {
        this.fetches = fetches;
        this.buffers = buffers;
        this.environment = environment;
        this.inode = inode;
        this.choice = choice;
        this.window = window;
    }

    public Inode inode() {
        return inode;
    }

    public long length() {
        return inode.length();
    }

    /**
     * Fills {@code into} from {@code offset} on, except behind the end of the file.
     *
     * @return how many bytes were read
     */
    public long read(long offset, MemorySegment into) throws IOException {
        long length = Math.clamp(inode.length() - offset, 0, into.byteSize());
        transfer(
                offset,
                length,
                (position, bytes) -> MemorySegment.copy(bytes, 0, into, position - offset, bytes.byteSize()));
        return length;
    }

    /**
     * Fills a buffer from {@code offset} on, except behind the end of the file: the replicas write into it, and nothing is
     * copied. All of it is asked for at once, so this is for ranges that a few chunks hold.
     *
     * @return how many bytes were read
     */
    public long read(long offset, Buffer into) throws IOException {
        long length = Math.clamp(inode.length() - offset, 0, into.segment().byteSize());
        try {
            fetches.fetch(Striping.cut(inode.inodeId(), layout(), offset, length), into, choice);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading", e);
        }
        return length;
    }

    /** Takes a part of a file. */
    @FunctionalInterface
    public interface Sink {
        /** Parts come in order; the memory is valid during the call only. */
        void accept(long position, MemorySegment bytes) throws IOException;
    }

    /** Reads all of the file, several parts at a time, and hands them over in order on the calling thread. */
    public void transferTo(Sink sink) throws IOException {
        transfer(0, inode.length(), sink);
    }

    private void transfer(long offset, long length, Sink sink) throws IOException {
        Queue<Part> ahead = new ArrayDeque<>();
        try (TaskScope scope = TaskScope.open(environment, TaskScope.Policy.AWAIT_ALL)) {
            try {
                long next = 0;
                while (next < length || !ahead.isEmpty()) {
                    while (next < length && ahead.size() < window) {
                        int part = partLength(offset + next, length - next);
                        ahead.add(fetch(scope, offset + next, part));
                        next += part;
                    }
                    ahead.element().deliver(sink);
                    ahead.remove().buffer().close();
                }
                scope.join();
            } finally {
                scope.cancel();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading", e);
        } finally {
            ahead.forEach(part -> part.buffer().close());
        }
    }

    /** Parts end at multiples of their size, so that a chunk that is smaller is not cut, and a larger one evenly. */
    private static int partLength(long position, long left) {
        return (int) Math.min(left, PART_BYTES - position % PART_BYTES);
    }

    private Part fetch(TaskScope scope, long position, int length) throws IOException {
        Buffer buffer = Memory.acquire(buffers, length);
        FutureTask<Void> fetch = new FutureTask<>(() -> {
            fetches.fetch(Striping.cut(inode.inodeId(), layout(), position, length), buffer, choice);
            return null;
        });
        scope.fork(() -> {
            fetch.run();
            return null;
        });
        return new Part(position, buffer, fetch);
    }

    private record Part(long position, Buffer buffer, FutureTask<Void> fetch) {
        void deliver(Sink sink) throws IOException, InterruptedException {
            try {
                fetch.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            }
            sink.accept(position, buffer.segment());
        }
    }

    private Layout layout() {
        return inode.layout().orElseThrow();
    }
}
