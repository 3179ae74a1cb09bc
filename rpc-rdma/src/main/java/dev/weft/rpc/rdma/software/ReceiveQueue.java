package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvMr;

/** The receive requests of a queue pair; as {@link SendQueue}. */
final class ReceiveQueue {
    private final int capacity;
    private final int mask;
    private final int maxSge;
    private final long[] wrIds;
    private final int[] pieces;
    private final long[] sgeAddresses;
    private final int[] sgeLengths;
    private final int[] sgeKeys;
    private volatile long retired;
    private long next;
    private long tail;

    ReceiveQueue(int capacity, int maxSge) {
        this.capacity = capacity;
        this.maxSge = maxSge;
        int slots = Math.max(1, Integer.highestOneBit(Math.max(1, 2 * capacity - 1)));
        mask = slots - 1;
        wrIds = new long[slots];
        pieces = new int[slots];
        sgeAddresses = new long[slots * maxSge];
        sgeLengths = new int[slots * maxSge];
        sgeKeys = new int[slots * maxSge];
    }

    /** Takes up a request of a chain. Returns 0, or the error number. */
    int offer(SoftwareRecvChain chain, int index) {
        if (chain.pieces(index) > maxSge) {
            return Errno.EINVAL.number();
        }
        if (tail - retired >= capacity) {
            return Errno.ENOMEM.number();
        }
        int slot = (int) tail & mask;
        wrIds[slot] = chain.wrId(index);
        pieces[slot] = chain.pieces(index);
        chain.copyPiecesTo(index, sgeAddresses, sgeLengths, sgeKeys, slot * maxSge);
        tail++;
        return 0;
    }

    void retire(long sequence) {
        if (sequence > retired) {
            retired = sequence;
        }
    }

    boolean isEmpty() {
        return next == tail;
    }

    long next() {
        return next;
    }

    /** The next one is used. */
    void advance() {
        next++;
    }

    long wrId(long sequence) {
        return wrIds[(int) sequence & mask];
    }

    /** Opens all memory of the next request for a message of so many bytes; says how the request fails if it cannot be. */
    int open(ScatterList into, long bytes) {
        int slot = (int) next & mask;
        long left = bytes;
        for (int i = slot * maxSge; left > 0 && i < slot * maxSge + pieces[slot]; i++) {
            long length = Math.min(left, Integer.toUnsignedLong(sgeLengths[i]));
            if (!into.add(sgeKeys[i], sgeAddresses[i], length, IbvMr.IBV_ACCESS_LOCAL_WRITE)) {
                return WorkStatus.LOCAL_PROTECTION;
            }
            left -= length;
        }
        return left == 0 ? WorkStatus.SUCCESS : WorkStatus.LOCAL_LENGTH;
    }
}
