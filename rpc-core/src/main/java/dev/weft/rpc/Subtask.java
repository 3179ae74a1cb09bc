package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A task that was forked in a {@link TaskScope}. */
public final class Subtask<T> implements Runnable {
    /** How far a task has come. */
    public enum State {
        /** Not ended, or never run because the scope was cancelled. */
        UNAVAILABLE,
        SUCCESS,
        FAILED
    }

    private final TaskScope scope;
    private final Callable<T> task;
    private final ReentrantLock lock = new ReentrantLock();

    /** The thread that runs the task; null before it starts and after it has ended. */
    @GuardedBy("lock")
    private @Nullable Thread thread;

    @GuardedBy("lock")
    private boolean cancelled;

    /** Written before {@link #state} by the task's thread. */
    private @Nullable T result;

    private @Nullable Throwable failure;
    private volatile State state = State.UNAVAILABLE;

    Subtask(TaskScope scope, Callable<T> task) {
        this.scope = scope;
        this.task = task;
    }

    void start(ThreadFactory threads) {
        Thread runner = threads.newThread(this);
        lock.lock();
        try {
            thread = runner;
            runner.start();
            if (cancelled) {
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** For the thread of the task only. */
    @Override
    @SuppressWarnings("Interruption") // whatever ends the task, an interrupt included, is its outcome
    public void run() {
        try {
            result = task.call();
            state = State.SUCCESS;
        } catch (Throwable thrown) {
            failure = thrown;
            state = State.FAILED;
        } finally {
            lock.lock();
            try {
                thread = null;
            } finally {
                lock.unlock();
            }
            scope.ended(this);
        }
    }

    public State state() {
        return state;
    }

    /**
     * The task's result.
     *
     * @throws IllegalStateException if it has none
     */
    @SuppressWarnings("NullAway") // null only where T allows it
    public T get() {
        if (state != State.SUCCESS) {
            throw new IllegalStateException("the task has no result: " + state, failure());
        }
        return result;
    }

    /** What the task threw, if it failed. */
    public @Nullable Throwable failure() {
        return state == State.FAILED ? failure : null;
    }

    /** Interrupts the task's thread, but never what that thread may do after the task. */
    void interruptIfRunning() {
        lock.lock();
        try {
            cancelled = true;
            Thread running = thread;
            if (running != null) {
                running.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
