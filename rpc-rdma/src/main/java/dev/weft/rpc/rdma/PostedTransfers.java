package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Chains of one-sided requests that one queue pair has under way, by slot, and how many requests more it may have.
 * Thread-safe; allocates nothing.
 */
final class PostedTransfers {
    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable TransferOp[] ops;
    private final int[] begins;
    private final int[] ends;
    private final long[] bytes;

    @GuardedBy("lock")
    private final int[] freeSlots;

    @GuardedBy("lock")
    private int freeSlotCount;

    @GuardedBy("lock")
    private int freeRequests;

    PostedTransfers(int requestsMax) {
        ops = new TransferOp[requestsMax];
        begins = new int[requestsMax];
        ends = new int[requestsMax];
        bytes = new long[requestsMax];
        freeSlots = new int[requestsMax];
        for (int i = 0; i < requestsMax; i++) {
            freeSlots[i] = requestsMax - 1 - i;
        }
        freeSlotCount = requestsMax;
        freeRequests = requestsMax;
    }

    /** A slot for as many of the requests {@code from} to {@code to} as there is room for; -1 if there is none. */
    int take(TransferOp op, int from, int to) {
        lock.lock();
        try {
            int count = Math.min(to - from, freeRequests);
            if (count <= 0) {
                return -1;
            }
            int slot = freeSlots[--freeSlotCount];
            freeRequests -= count;
            ops[slot] = op;
            begins[slot] = from;
            ends[slot] = from + count;
            bytes[slot] = 0;
            return slot;
        } finally {
            lock.unlock();
        }
    }

    /** The chain has ended; false if it had already. */
    boolean release(int slot) {
        lock.lock();
        try {
            if (ops[slot] == null) {
                return false;
            }
            ops[slot] = null;
            freeRequests += ends[slot] - begins[slot];
            freeSlots[freeSlotCount++] = slot;
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    TransferOp op(int slot) {
        lock.lock();
        try {
            return ops[slot];
        } finally {
            lock.unlock();
        }
    }

    int begin(int slot) {
        return begins[slot];
    }

    int end(int slot) {
        return ends[slot];
    }

    long bytes(int slot) {
        return bytes[slot];
    }

    void setBytes(int slot, long value) {
        bytes[slot] = value;
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return freeSlotCount == freeSlots.length;
        } finally {
            lock.unlock();
        }
    }
}
