package dev.weft.rpc;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An attempt to connect that any number of callers wait for, each until its own deadline. */
final class ConnectAttempt {
    private final ConcurrentLinkedQueue<Thread> waiters = new ConcurrentLinkedQueue<>();

    /** A {@link CallConnection} or an {@link RpcException}. */
    private volatile @Nullable Object outcome;

    void complete(Object result) {
        outcome = result;
        waiters.forEach(LockSupport::unpark);
    }

    CallConnection await(Clock clock, long deadlineNanos) {
        waiters.add(Thread.currentThread());
        while (true) {
            Object result = outcome;
            if (result instanceof CallConnection connection) {
                return connection;
            }
            if (result instanceof RpcException failure) {
                throw new RpcException(failure.code(), failure.reason(), failure);
            }
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new RpcException(StatusCode.CANCELLED, "interrupted while waiting for a connection");
            }
            if (clock.nanoTime() - deadlineNanos >= 0) {
                throw new RpcException(StatusCode.DEADLINE_EXCEEDED, "no connection by the deadline");
            }
            clock.parkUntil(this, deadlineNanos);
        }
    }
}
