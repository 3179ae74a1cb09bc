package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.InboundMessage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for its reply. Its value is the outcome, set once: an {@link InboundMessage} or an
 * {@link RpcException}.
 */
class PendingCall extends AtomicReference<@Nullable Object> {
    private static final long serialVersionUID = 1L;

    final transient Thread caller = Thread.currentThread();
    final long id;
    final long deadlineNanos;

    /** Null if the call is not recorded. */
    final transient @Nullable CallRecord record;

    /** When the reply was taken up, if the call is recorded; written before the outcome is. */
    long answeredNanos = CallRecord.NOT_REACHED;

    PendingCall(long id, long deadlineNanos, @Nullable CallRecord record) {
        this.id = id;
        this.deadlineNanos = deadlineNanos;
        this.record = record;
    }

    /** Ends the call with the first outcome it is given, and wakes the caller. From any thread. */
    boolean complete(Object outcome) {
        if (compareAndSet(null, outcome)) {
            LockSupport.unpark(caller);
            return true;
        }
        return false;
    }

    /** Waits for the outcome, which an interrupt is. Called by the caller's thread only. */
    Object await() {
        Object outcome = get();
        while (outcome == null) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                complete(new RpcException(StatusCode.CANCELLED, "the calling thread was interrupted"));
                caller.interrupt();
            }
            outcome = get();
        }
        return outcome;
    }
}
