package dev.weft.storage.engine;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/**
 * Platform threads that do the disk's blocking calls for virtual threads.
 *
 * <p>Two reasons: such a call would hold a carrier, and the interrupt of a call that timed out would close the
 * {@link java.nio.channels.FileChannel} under everyone else.
 */
final class DiskThreads implements AutoCloseable {
    /** Enough to keep one disk busy; the commit thread forces beside them. */
    private static final int THREADS = 4;

    private final ExecutorService executor = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("weft-disk-", 0).daemon().factory());

    /** Runs the task on one of the threads and waits for it, however often it is interrupted meanwhile. */
    void run(Task task) throws IOException {
        await(start(task));
    }

    /** Runs all tasks and waits for them; throws what the first of those that failed did. */
    void runAll(List<Task> tasks) throws IOException {
        List<FutureTask<Void>> futures = tasks.stream().map(this::start).toList();
        IOException failure = null;
        for (FutureTask<Void> future : futures) {
            try {
                await(future);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private FutureTask<Void> start(Task task) {
        FutureTask<Void> future = new FutureTask<>(() -> {
            task.run();
            return null;
        });
        executor.execute(future);
        return future;
    }

    private static void await(FutureTask<Void> future) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        executor.close();
    }

    interface Task {
        void run() throws IOException;
    }
}
