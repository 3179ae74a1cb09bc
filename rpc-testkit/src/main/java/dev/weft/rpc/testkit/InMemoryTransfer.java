package dev.weft.rpc.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.MemoryRegistry.Pin;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import dev.weft.rpc.spi.Transfer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One one-sided transfer: served at the peer, finished where it began. */
final class InMemoryTransfer {
    private final Transfer transfer;
    private final Thread waiter;
    private final byte[] bytes;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable RpcException failure;

    @GuardedBy("lock")
    private boolean letGo;

    private volatile boolean done;

    InMemoryTransfer(Transfer transfer, Thread waiter) {
        this.transfer = transfer;
        this.waiter = waiter;
        this.bytes = transfer instanceof Transfer.Write write
                ? write.local().toArray(ValueLayout.JAVA_BYTE)
                : new byte[(int) transfer.local().byteSize()];
    }

    /** At the peer: its memory is read or written. */
    void serve(MemoryRegistry memory) {
        Access access = transfer instanceof Transfer.Read ? Access.READ : Access.WRITE;
        switch (memory.pin(transfer.remote(), access)) {
            case PinResult.Refused(String reason) ->
                failure = new RpcException(StatusCode.REMOTE_MEMORY_REFUSED, reason);
            case PinResult.Pinned(Pin pin) -> {
                try (pin) {
                    MemorySegment ours = MemorySegment.ofArray(bytes);
                    if (access == Access.READ) {
                        ours.copyFrom(pin.memory());
                    } else {
                        pin.memory().copyFrom(ours);
                    }
                }
            }
        }
    }

    /** Back where it began. */
    void finish() {
        lock.lock();
        try {
            if (!letGo && failure == null && transfer instanceof Transfer.Read read) {
                read.local().copyFrom(MemorySegment.ofArray(bytes));
            }
        } finally {
            lock.unlock();
        }
        done = true;
        LockSupport.unpark(waiter);
    }

    void fail(RpcException why) {
        if (!done) {
            failure = why;
            done = true;
            LockSupport.unpark(waiter);
        }
    }

    void await(Clock clock, long deadlineNanos) {
        while (!done) {
            if (waiter.isInterrupted()) {
                throw new RpcException(StatusCode.CANCELLED, "the calling thread was interrupted in a transfer");
            }
            if (clock.nanoTime() - deadlineNanos >= 0) {
                throw new RpcException(StatusCode.DEADLINE_EXCEEDED, "the deadline has passed in a transfer");
            }
            clock.parkUntil(this, deadlineNanos);
        }
        RpcException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /** The local memory is not touched any more when this returns. */
    void letGo() {
        lock.lock();
        try {
            letGo = true;
        } finally {
            lock.unlock();
        }
    }
}
