package dev.weft.rpc.tcp;

import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Transfers that one thread waits for together. */
final class TransferGroup {
    private final Thread waiter = Thread.currentThread();
    private final AtomicInteger left;
    private volatile @Nullable RpcException failure;

    TransferGroup(int count) {
        this.left = new AtomicInteger(count);
    }

    /** One has ended. From any thread. */
    void ended(@Nullable RpcException why) {
        if (why != null) {
            failure = why;
        }
        if (left.decrementAndGet() == 0 || why != null) {
            LockSupport.unpark(waiter);
        }
    }

    /** Waits for all, or the first failure. By the thread that made the group. */
    void await(Clock clock, long deadlineNanos) {
        while (true) {
            RpcException failed = failure;
            if (failed != null) {
                throw new RpcException(failed.code(), failed.reason(), failed);
            }
            if (left.get() == 0) {
                return;
            }
            if (waiter.isInterrupted()) {
                throw new RpcException(StatusCode.CANCELLED, "the calling thread was interrupted in a transfer");
            }
            if (clock.nanoTime() - deadlineNanos >= 0) {
                throw new RpcException(StatusCode.DEADLINE_EXCEEDED, "the deadline has passed in a transfer");
            }
            clock.parkUntil(this, deadlineNanos);
        }
    }
}
