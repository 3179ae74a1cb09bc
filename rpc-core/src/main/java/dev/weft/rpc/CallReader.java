package dev.weft.rpc;

import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/** What a call on another thread writes, through a short queue. */
final class CallReader<T> implements StreamReader<T> {
    /** Enough that the two threads seldom wait for each other; the stream itself has a longer queue. */
    private static final int QUEUE_ITEMS = 16;

    /** In the queue after the last item. */
    private static final Object END = new Object();

    private final ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE_ITEMS);
    private final Thread caller;

    /** Why the call ended, if not well; written before {@link #END} is queued. */
    private volatile @Nullable RpcException failure;

    // Of the thread that reads.
    private @Nullable Object next;
    private boolean ended;

    private CallReader(Environment environment, Call<T> call) {
        Context context = Context.current();
        this.caller = environment.threads().newThread(() -> context.run(() -> run(call)));
    }

    static <T> CallReader<T> start(Environment environment, Call<T> call) {
        CallReader<T> reader = new CallReader<>(environment, call);
        reader.caller.start();
        return reader;
    }

    @SuppressWarnings("Interruption") // the reader was closed, and this thread has nothing else to do
    private void run(Call<T> call) {
        try {
            call.writeTo(this::put);
        } catch (RpcException e) {
            failure = e;
        } catch (Exception e) {
            StatusCode code = e instanceof RuntimeException ? StatusCode.INTERNAL : StatusCode.APPLICATION;
            failure = new RpcException(code, "the call threw " + e, e);
        }
        try {
            queue.put(END);
        } catch (InterruptedException closed) {
            // Nobody reads any more.
        }
    }

    private void put(T item) {
        try {
            queue.put(item);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "the reader was closed", e);
        }
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = take();
        }
        return next != null;
    }

    @Override
    @SuppressWarnings("unchecked") // only items and END are queued
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the stream has ended");
        }
        T item = (T) next;
        next = null;
        return java.util.Objects.requireNonNull(item);
    }

    private @Nullable Object take() {
        Object taken;
        try {
            taken = queue.take();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "interrupted while it waited for an item", e);
        }
        if (taken != END) {
            return taken;
        }
        ended = true;
        RpcException why = failure;
        if (why != null) {
            throw new RpcException(why.code(), why.reason(), why.getCause() == null ? why : why.getCause());
        }
        return null;
    }

    @Override
    public void close() {
        ended = true;
        next = null;
        boolean interrupted = Thread.interrupted();
        caller.interrupt();
        while (caller.isAlive()) {
            try {
                caller.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
