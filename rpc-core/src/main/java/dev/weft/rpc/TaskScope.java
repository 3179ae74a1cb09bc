package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks in threads of their own that all end before the block does.
 *
 * <pre>{@code
 * try (var scope = TaskScope.open(environment)) {
 *     Subtask<Stat> stat = scope.fork(() -> meta.stat(path));
 *     Subtask<Bytes> data = scope.fork(() -> storage.read(piece));
 *     scope.join(); // throws if one failed; the other is interrupted
 *     use(stat.get(), data.get());
 * }
 * }</pre>
 *
 * <p>The semantics are those of JEP 505's {@code StructuredTaskScope} in JDK 25, so that it can be replaced by the JDK's
 * when that is final: only the thread that opened the scope forks, joins and closes; no fork after join; the policy
 * decides when the scope is cancelled, which interrupts the tasks that still run; close cancels and waits for every
 * thread. Tasks inherit the {@link Context} in which they are forked.
 */
public final class TaskScope implements AutoCloseable {
    /** When a scope is cancelled, and what {@link #join} does about failures. */
    public enum Policy {
        /** The first failure cancels the scope, and {@link #join} throws it. */
        ALL_SUCCESSFUL,
        /** The first success cancels the scope; {@link #join} throws only if every task failed. */
        ANY_SUCCESSFUL,
        /** Nothing cancels the scope; each task is asked by itself. */
        AWAIT_ALL
    }

    private final ThreadFactory threads;
    private final Policy policy;
    private final Thread owner = Thread.currentThread();

    private final ReentrantLock lock = new ReentrantLock();

    /** Those that have not ended, in the order of their forks. */
    @GuardedBy("lock")
    private final Set<Subtask<?>> subtasks = new LinkedHashSet<>();

    @GuardedBy("lock")
    private boolean succeeded;

    @GuardedBy("lock")
    private @Nullable Throwable firstFailure;

    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean cancelled;
    private boolean joined;
    private boolean closed;

    private TaskScope(ThreadFactory threads, Policy policy) {
        this.threads = threads;
        this.policy = policy;
    }

    /** A scope that fails with its first failure. */
    public static TaskScope open(Environment environment) {
        return open(environment, Policy.ALL_SUCCESSFUL);
    }

    public static TaskScope open(Environment environment, Policy policy) {
        return new TaskScope(environment.threads(), policy);
    }

    /** Starts a task in a thread of its own, unless the scope is cancelled; it then never runs. */
    public <T> Subtask<T> fork(Callable<T> task) {
        requireOwner();
        if (joined || closed) {
            throw new IllegalStateException("no fork after join");
        }
        Subtask<T> subtask = new Subtask<>(this, Context.current().wrap(task));
        lock.lock();
        try {
            if (cancelled) {
                return subtask;
            }
            subtasks.add(subtask);
            running.incrementAndGet();
        } finally {
            lock.unlock();
        }
        try {
            subtask.start(threads);
        } catch (Throwable thrown) {
            running.decrementAndGet();
            throw thrown;
        }
        return subtask;
    }

    /**
     * Waits until all tasks have ended or the scope is cancelled.
     *
     * @throws TaskFailedException as the policy has it, with a task's exception as cause
     * @throws InterruptedException if the owner is interrupted; close still has to be called
     */
    public void join() throws InterruptedException {
        requireOwner();
        if (joined || closed) {
            throw new IllegalStateException("joined already");
        }
        joined = true;
        while (running.get() > 0 && !cancelled) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.park(this);
        }
        throwFailure();
    }

    /** Whether the policy, or close, has cancelled the scope. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Cancels what still runs and waits for every thread, uninterruptibly. */
    @Override
    public void close() {
        requireOwner();
        if (closed) {
            return;
        }
        closed = true;
        cancel();
        boolean interrupted = false;
        while (running.get() > 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            owner.interrupt();
        }
    }

    /** Called by the thread of a task when it has ended. */
    void ended(Subtask<?> subtask) {
        note(subtask);
        boolean decides = switch (policy) {
            case ALL_SUCCESSFUL -> subtask.state() == Subtask.State.FAILED;
            case ANY_SUCCESSFUL -> subtask.state() == Subtask.State.SUCCESS;
            case AWAIT_ALL -> false;
        };
        if (decides) {
            cancel();
        }
        if (running.decrementAndGet() == 0) {
            LockSupport.unpark(owner);
        }
    }

    /** Comes before the siblings are interrupted, so that what they throw then is not taken for the reason. */
    private void note(Subtask<?> subtask) {
        lock.lock();
        try {
            subtasks.remove(subtask);
            succeeded |= subtask.state() == Subtask.State.SUCCESS;
            if (firstFailure == null) {
                firstFailure = subtask.failure();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the scope early: no task starts any more, and those that run are interrupted. From any thread. */
    public void cancel() {
        lock.lock();
        try {
            cancelled = true;
            for (Subtask<?> subtask : subtasks) {
                subtask.interruptIfRunning();
            }
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(owner);
    }

    private void throwFailure() {
        if (policy == Policy.AWAIT_ALL) {
            return;
        }
        Throwable failure = failureThatCounts();
        if (failure != null) {
            throw new TaskFailedException(failure);
        }
    }

    /** The first failure, or null if there is none or one success is enough. */
    private @Nullable Throwable failureThatCounts() {
        lock.lock();
        try {
            return policy == Policy.ANY_SUCCESSFUL && succeeded ? null : firstFailure;
        } finally {
            lock.unlock();
        }
    }

    private void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new WrongThreadException("only the thread that opened the scope may use it");
        }
    }
}
