package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One batch of transfers under way: its pieces, each at most one work request, and which of them are done. Made once and
 * used again, so that the steady state allocates nothing.
 *
 * <p>Filled by the thread that waits for it; {@link #ended} is for pollers.
 */
final class TransferOp {
    private static final byte TO_DO = 0;
    private static final byte POSTED = 1;
    private static final byte DONE = 2;

    private static final int FIRST_CAPACITY = 32;

    /** Copies back what was read into staging memory. */
    record Staged(Buffer buffer, MemorySegment target, boolean copyBack) {}

    // The pieces; written by the waiting thread, before any is posted.
    private int count;
    private long[] localAddresses = new long[FIRST_CAPACITY];
    private int[] lengths = new int[FIRST_CAPACITY];
    private long[] offsets = new long[FIRST_CAPACITY];
    private boolean[] reads = new boolean[FIRST_CAPACITY];
    private @Nullable Grant[] grants = new Grant[FIRST_CAPACITY];

    // What is held until the end.
    private final List<Grant> held = new ArrayList<>();
    private final List<Staged> staged = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();

    /** What is beyond the pieces is to be done too. */
    @GuardedBy("lock")
    private byte[] states = new byte[FIRST_CAPACITY];

    /** Pieces that a device has now. */
    @GuardedBy("lock")
    private int posted;

    @GuardedBy("lock")
    private int done;

    @GuardedBy("lock")
    private @Nullable RpcException failure;

    /** Queue pairs that were given pieces. */
    @GuardedBy("lock")
    private final List<QueuePair> postedTo = new ArrayList<>();

    /** Null while nobody uses the object. */
    private volatile @Nullable Thread waiter;

    private volatile long deadlineNanos;

    // --- by the waiting thread

    void begin(Thread thread, long deadline) {
        count = 0;
        lock.lock();
        try {
            posted = 0;
            done = 0;
            failure = null;
            postedTo.clear();
            Arrays.fill(states, TO_DO);
        } finally {
            lock.unlock();
        }
        deadlineNanos = deadline;
        waiter = thread;
    }

    void finish() {
        waiter = null;
        Arrays.fill(grants, 0, count, null);
        held.clear();
        staged.clear();
    }

    void add(long localAddress, int length, long offset, boolean read, Grant grant) {
        if (count == lengths.length) {
            grow();
        }
        localAddresses[count] = localAddress;
        lengths[count] = length;
        offsets[count] = offset;
        reads[count] = read;
        grants[count] = grant;
        count++;
    }

    private void grow() {
        int capacity = 2 * count;
        localAddresses = Arrays.copyOf(localAddresses, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        offsets = Arrays.copyOf(offsets, capacity);
        reads = Arrays.copyOf(reads, capacity);
        grants = Arrays.copyOf(grants, capacity);
        lock.lock();
        try {
            states = Arrays.copyOf(states, capacity);
        } finally {
            lock.unlock();
        }
    }

    List<Grant> held() {
        return held;
    }

    /** The last of them, if it has this key: pieces of one grant follow each other more often than not. */
    @Nullable
    Grant lastHeld(long key) {
        Grant last = held.isEmpty() ? null : held.get(held.size() - 1);
        return last != null && last.key == key ? last : null;
    }

    List<Staged> staged() {
        return staged;
    }

    int count() {
        return count;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** The first piece from {@code from} on that is to be posted; {@link #count} if there is none. */
    int nextToDo(int from) {
        return nextInState(from, true);
    }

    /** The first piece from {@code from} on that is not to be posted; {@link #count} if all are. */
    int nextNotToDo(int from) {
        return nextInState(from, false);
    }

    private int nextInState(int from, boolean toDo) {
        lock.lock();
        try {
            int i = from;
            while (i < count && (states[i] == TO_DO) != toDo) {
                i++;
            }
            return i;
        } finally {
            lock.unlock();
        }
    }

    boolean isDone() {
        lock.lock();
        try {
            return done == count;
        } finally {
            lock.unlock();
        }
    }

    boolean hasPosted() {
        lock.lock();
        try {
            return posted > 0;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    RpcException failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** The queue pairs that may still have pieces of this. */
    List<QueuePair> postedTo() {
        lock.lock();
        try {
            return List.copyOf(postedTo);
        } finally {
            lock.unlock();
        }
    }

    // --- by the queue pair that posts

    boolean isRead(int i) {
        return reads[i];
    }

    int bytes(int i) {
        return lengths[i];
    }

    long localAddress(int i) {
        return localAddresses[i];
    }

    long remoteAddress(int i) {
        return grant(i).address() + offsets[i];
    }

    int rkey(int i, Rail rail) {
        return grant(i).rkey(rail);
    }

    int lkey(int i, OpenDevice device) {
        RegisteredMemory.Slab slab = device.memory().find(localAddresses[i], lengths[i]);
        // Memory that was deregistered meanwhile fails in the device, as it should.
        return slab == null ? 0 : slab.lkey();
    }

    /** Whether the piece goes on in the peer's memory where the one before it ends. */
    boolean continues(int i) {
        return reads[i] == reads[i - 1] && grants[i] == grants[i - 1] && offsets[i] == offsets[i - 1] + lengths[i - 1];
    }

    Grant grant(int i) {
        Grant grant = grants[i];
        if (grant == null) {
            throw new IllegalStateException("piece " + i + " of " + count);
        }
        return grant;
    }

    /** Pieces are about to be given to a queue pair. */
    void posting(QueuePair queuePair, int from, int to) {
        lock.lock();
        try {
            for (int i = from; i < to; i++) {
                states[i] = POSTED;
            }
            posted += to - from;
            if (!postedTo.contains(queuePair)) {
                postedTo.add(queuePair);
            }
        } finally {
            lock.unlock();
        }
    }

    // --- by pollers, and whoever buries a queue pair

    /** A chain has ended, or one of its requests has failed. */
    void ended(int from, int to, int status) {
        boolean wake;
        lock.lock();
        try {
            posted -= to - from;
            boolean success = status == 0;
            for (int i = from; i < to; i++) {
                states[i] = success ? DONE : TO_DO;
            }
            if (success) {
                done += to - from;
            } else if (failure == null) {
                failure = failureOf(status);
            }
            wake = posted == 0;
        } finally {
            lock.unlock();
        }
        if (wake) {
            LockSupport.unpark(waiter);
        }
    }

    /** What the caller is told; null if the work may be posted again over another queue pair. */
    private static @Nullable RpcException failureOf(int status) {
        return switch (IbvWcStatus.valueOf(status)) {
            case IBV_WC_REM_ACCESS_ERR, IBV_WC_REM_INV_REQ_ERR, IBV_WC_REM_OP_ERR ->
                new RpcException(StatusCode.REMOTE_MEMORY_REFUSED, "the peer's device refused the access");
            case IBV_WC_LOC_PROT_ERR, IBV_WC_LOC_LEN_ERR, IBV_WC_LOC_QP_OP_ERR ->
                new RpcException(
                        StatusCode.INTERNAL, "the device refused local memory: " + IbvWcStatus.valueOf(status));
            default -> null;
        };
    }

    /** Wakes the waiting thread if its deadline has passed; returns the deadline if it is still to come. */
    long expire(long now, long never) {
        Thread thread = waiter;
        if (thread == null) {
            return never;
        }
        if (deadlineNanos - now > 0) {
            return deadlineNanos;
        }
        LockSupport.unpark(thread);
        return never;
    }

    void wake() {
        LockSupport.unpark(waiter);
    }
}
