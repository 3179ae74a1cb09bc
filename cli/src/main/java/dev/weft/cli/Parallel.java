package dev.weft.cli;

import dev.weft.rpc.Environment;
import dev.weft.rpc.TaskFailedException;
import dev.weft.rpc.TaskScope;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Does the same with many things, a few at a time. */
final class Parallel {
    private Parallel() {}

    /** Work on one thing. */
    @FunctionalInterface
    interface Work<T> {
        void on(T item) throws IOException, InterruptedException;
    }

    /**
     * Works on all items, at most {@code limit} at a time.
     *
     * @throws IOException of the first that failed; those in progress are interrupted, the rest is not begun
     */
    static <T> void each(Environment environment, int limit, List<T> items, Work<T> work)
            throws IOException, InterruptedException {
        Semaphore room = new Semaphore(limit);
        // The first by time: the scope would name the first by order, which may only have been interrupted.
        AtomicReference<@Nullable IOException> first = new AtomicReference<>();
        try (TaskScope scope = TaskScope.open(environment)) {
            for (T item : items) {
                room.acquire();
                if (scope.isCancelled()) {
                    break;
                }
                scope.fork(() -> {
                    try {
                        work.on(item);
                        return item;
                    } catch (IOException e) {
                        first.compareAndSet(null, e);
                        throw e;
                    } finally {
                        room.release();
                    }
                });
            }
            scope.join();
        } catch (TaskFailedException e) {
            IOException failure = first.get();
            throw failure != null ? failure : new IOException(e.getCause());
        }
    }
}
