package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvSendWR;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The send requests of a queue pair, in slots that are used round and round. A request is known by its number, counted
 * from 0. Written under the lock of the queue pair, except {@link #retired}.
 *
 * <pre>
 *   retired        done          next          tail
 *      | completed,  | being       | waiting      |
 *      | not polled  | executed    | to be sent   |
 * </pre>
 */
final class SendQueue {
    private static final int FIELDS = 6;

    private final int capacity;
    private final int mask;
    private final int maxSge;
    private final int maxInline;

    /** Two per slot: identifier, remote address. */
    private final long[] longs;

    /** Per slot: opcode, flags, immediate data, remote key, pieces, bytes. */
    private final int[] ints;

    private final long[] sgeAddresses;
    private final int[] sgeLengths;
    private final int[] sgeKeys;

    /** When the request may be executed; read only if delays were ever set. */
    private final long[] dueNanos;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment inlined;

    /** All before it have been polled, or are covered by one that was: their slots are free. */
    private volatile long retired;

    private long done;
    private long next;
    private long tail;

    SendQueue(int capacity, int maxSge, int maxInline) {
        this.capacity = capacity;
        this.maxSge = maxSge;
        this.maxInline = maxInline;
        int slots = Math.max(1, Integer.highestOneBit(Math.max(1, 2 * capacity - 1)));
        mask = slots - 1;
        longs = new long[2 * slots];
        ints = new int[FIELDS * slots];
        sgeAddresses = new long[slots * maxSge];
        sgeLengths = new int[slots * maxSge];
        sgeKeys = new int[slots * maxSge];
        dueNanos = new long[slots];
        inlined = arena.allocate(Math.max(1, (long) slots * maxInline), 64);
    }

    /** Takes up a request of a chain. Returns 0, or the error number. */
    int offer(SoftwareSendChain chain, int index, long due) {
        int pieces = chain.pieces(index);
        boolean inline = (chain.flags(index) & IbvSendWR.IBV_SEND_INLINE) != 0;
        if (pieces > maxSge || (inline && !canInline(chain, index))) {
            return Errno.EINVAL.number();
        }
        if (tail - retired >= capacity) {
            return Errno.ENOMEM.number();
        }
        int slot = (int) tail & mask;
        chain.copyTo(index, longs, 2 * slot, ints, FIELDS * slot);
        chain.copyPiecesTo(index, sgeAddresses, sgeLengths, sgeKeys, slot * maxSge);
        dueNanos[slot] = due;
        if (inline) {
            takeInline(slot, pieces);
        }
        tail++;
        return 0;
    }

    private boolean canInline(SoftwareSendChain chain, int index) {
        return chain.bytes(index) <= maxInline && chain.opcode(index) != IbvSendWR.IBV_WR_RDMA_READ;
    }

    // From now on the request has one piece, which needs no key.
    private void takeInline(int slot, int pieces) {
        long start = inlined.address() + (long) slot * maxInline;
        long to = start;
        for (int i = slot * maxSge; i < slot * maxSge + pieces; i++) {
            NativeMemory.copy(sgeAddresses[i], to, sgeLengths[i]);
            to += sgeLengths[i];
        }
        ints[FIELDS * slot + 4] = 0;
        ints[FIELDS * slot + 5] = (int) (to - start);
    }

    long retired() {
        return retired;
    }

    /** Frees all slots before {@code sequence}; called by who polls, under the lock of the completion queue. */
    void retire(long sequence) {
        if (sequence > retired) {
            retired = sequence;
        }
    }

    long done() {
        return done;
    }

    void setDone(long sequence) {
        done = sequence;
    }

    long next() {
        return next;
    }

    void setNext(long sequence) {
        next = sequence;
    }

    long tail() {
        return tail;
    }

    long wrId(long sequence) {
        return longs[2 * slot(sequence)];
    }

    long remoteAddress(long sequence) {
        return longs[2 * slot(sequence) + 1];
    }

    int opcode(long sequence) {
        return ints[FIELDS * slot(sequence)];
    }

    int flags(long sequence) {
        return ints[FIELDS * slot(sequence) + 1];
    }

    int immediate(long sequence) {
        return ints[FIELDS * slot(sequence) + 2];
    }

    int remoteKey(long sequence) {
        return ints[FIELDS * slot(sequence) + 3];
    }

    int bytes(long sequence) {
        return ints[FIELDS * slot(sequence) + 5];
    }

    long dueNanos(long sequence) {
        return dueNanos[slot(sequence)];
    }

    boolean isInline(long sequence) {
        return (flags(sequence) & IbvSendWR.IBV_SEND_INLINE) != 0;
    }

    /** Opens the local memory of a request. False if not all of it may be used so. */
    boolean open(long sequence, ScatterList into, int rights) {
        int slot = slot(sequence);
        if (isInline(sequence)) {
            if (bytes(sequence) > 0) {
                into.addOwn(inlined.address() + (long) slot * maxInline, bytes(sequence));
            }
            return true;
        }
        int pieces = ints[FIELDS * slot + 4];
        for (int i = slot * maxSge; i < slot * maxSge + pieces; i++) {
            if (!into.add(sgeKeys[i], sgeAddresses[i], Integer.toUnsignedLong(sgeLengths[i]), rights)) {
                return false;
            }
        }
        return true;
    }

    private int slot(long sequence) {
        return (int) sequence & mask;
    }
}
