package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a buffer. */
final class WaitingAcquire {
    private final CompletableFuture<Buffer> result = new CompletableFuture<>();
    private final Thread thread;

    private WaitingAcquire(BufferPool pool, int size, long deadlineNanos) {
        thread = Thread.ofVirtual().unstarted(() -> {
            try {
                result.complete(pool.acquire(size, deadlineNanos));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
    }

    /** Starts one, and returns when it has its buffer or waits. */
    static WaitingAcquire start(BufferPool pool, int size, long deadlineNanos) {
        WaitingAcquire made = new WaitingAcquire(pool, size, deadlineNanos);
        made.thread.start();
        made.settle();
        return made;
    }

    /** Waits until the thread has done what it can do now. Of several, to be called in the order in which they wait. */
    void settle() {
        while (true) {
            switch (thread.getState()) {
                case WAITING, TERMINATED -> {
                    return;
                }
                default -> Thread.onSpinWait();
            }
        }
    }

    boolean done() {
        return result.isDone();
    }

    void interrupt() {
        thread.interrupt();
    }

    /** What it got; it must have settled with it. */
    Buffer buffer() {
        assertTrue(done(), "still waits");
        return result.join();
    }

    @Nullable
    Throwable failure() {
        return result.handle((buffer, e) -> e).join();
    }
}
