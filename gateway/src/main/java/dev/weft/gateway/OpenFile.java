package dev.weft.gateway;

import dev.weft.gateway.generated.Fault;
import dev.weft.gateway.generated.FaultKind;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written by calls of which each comes on a thread of its own: the writer, which belongs to one thread,
 * has one here, and the others hand it their work and wait. Thread-safe.
 */
final class OpenFile {
    private final String path;
    private final Environment environment;

    /** One entry for each call in progress, which the server limits. */
    private final LinkedBlockingQueue<FutureTask<?>> work = new LinkedBlockingQueue<>();

    private volatile long usedNanos;

    /** Whether the writing thread takes no more work. */
    private volatile boolean ended;

    /** Used by the writing thread only; null once it is closed. */
    private @Nullable Appending writer;

    private OpenFile(String path, Environment environment) {
        this.path = path;
        this.environment = environment;
        this.usedNanos = environment.clock().nanoTime();
    }

    static OpenFile open(String path, OpenFiles.Opening opening, Environment environment) throws IOException, Fault {
        OpenFile file = new OpenFile(path, environment);
        FutureTask<Boolean> opened = new FutureTask<>(() -> {
            file.writer = opening.open(path);
            return true;
        });
        environment.threads().newThread(() -> file.run(opened)).start();
        file.await(opened);
        return file;
    }

    /** The writing thread: ends when the file is closed or could not be opened. */
    private void run(FutureTask<?> opened) {
        opened.run();
        try {
            while (writer != null) {
                work.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended = true;
        refuseLate();
    }

    /** Whoever comes after the end is not left waiting, and finds that there is no writer. */
    private void refuseLate() {
        FutureTask<?> late = work.poll();
        while (late != null) {
            late.run();
            late = work.poll();
        }
    }

    String path() {
        return path;
    }

    long usedNanos() {
        return usedNanos;
    }

    /** Appends; refuses what does not begin where the last bytes ended. */
    void write(long offset, ByteBuffer bytes) throws IOException, Fault {
        onWritingThread(() -> {
            Appending current = open();
            if (offset != current.position()) {
                throw new Fault(
                        FaultKind.INVALID,
                        "offset of " + offset + ", but " + current.position() + " bytes were written");
            }
            current.write(bytes);
            return true;
        });
    }

    /** Ends the writing; the file is stored when this returns. */
    void close() throws IOException {
        try {
            onWritingThread(() -> {
                Appending current = open();
                writer = null;
                current.close();
                return true;
            });
        } catch (Fault e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Appending open() throws Fault {
        Appending current = writer;
        if (current == null) {
            throw new Fault(FaultKind.NO_HANDLE, path + " was closed");
        }
        return current;
    }

    private void onWritingThread(Callable<Boolean> action) throws IOException, Fault {
        usedNanos = environment.clock().nanoTime();
        FutureTask<Boolean> task = new FutureTask<>(action);
        work.add(task);
        if (ended) {
            refuseLate();
        }
        await(task);
        usedNanos = environment.clock().nanoTime();
    }

    private void await(FutureTask<?> task) throws IOException, Fault {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing " + path, e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case Fault cause -> throw cause;
                case null, default -> throw new IOException("writing " + path + " failed: " + e.getCause(), e);
            }
        }
    }
}
