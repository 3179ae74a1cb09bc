package dev.weft.rpc.rdma;

import dev.weft.rpc.Clock;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs verbs that take a while in the kernel, so that no virtual thread holds its carrier for them. */
final class VerbsThread implements AutoCloseable {
    /** A call of verbs. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T run() throws IOException;
    }

    private static final class Job<T extends @Nullable Object> implements Runnable {
        private final Call<T> call;
        private final Thread caller = Thread.currentThread();
        private @Nullable T result;
        private @Nullable Throwable failure;
        private volatile boolean done;

        Job(Call<T> call) {
            this.call = call;
        }

        @Override
        public void run() {
            try {
                result = call.run();
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
            }
            done = true;
            LockSupport.unpark(caller);
        }
    }

    private final ConcurrentLinkedQueue<Job<?>> jobs = new ConcurrentLinkedQueue<>();
    private final Clock clock;
    private final Thread thread;
    private volatile boolean closing;

    VerbsThread(VerbsProvider provider, Clock clock) {
        this.clock = clock;
        this.thread = provider.thread("weft-rdma-verbs", this::run);
        thread.start();
    }

    /** Runs a call and waits for its result, whatever happens. */
    <T extends @Nullable Object> T call(Call<T> call) throws IOException {
        Job<T> job = new Job<>(call);
        jobs.add(job);
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (!job.done) {
            LockSupport.park(job);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (job.failure) {
            case null -> {}
            case IOException e -> throw new IOException(e.getMessage(), e);
            case Throwable e -> throw new IllegalStateException("a call of verbs failed: " + e, e);
        }
        return resultOf(job);
    }

    @SuppressWarnings("NullAway") // set, unless the call's own type has null
    private static <T extends @Nullable Object> T resultOf(Job<T> job) {
        return job.result;
    }

    private void run() {
        while (!closing || !jobs.isEmpty()) {
            Job<?> job = jobs.poll();
            if (job == null) {
                LockSupport.park(this);
            } else {
                job.run();
            }
        }
    }

    /** Ends the thread when all calls have returned; nobody calls any more. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            clock.parkUntil(this, clock.nanoTime() + 1_000_000);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
