package dev.weft.rpc.rdma.software;

/** Reads of the peer that are being answered, oldest first. Not thread-safe. */
final class PendingReads {
    private static final int MASK = SoftwareDevice.READS_MAX - 1;

    private final long[] sequences = new long[SoftwareDevice.READS_MAX];
    private final long[] addresses = new long[SoftwareDevice.READS_MAX];
    private final long[] totals = new long[SoftwareDevice.READS_MAX];
    private final int[] keys = new int[SoftwareDevice.READS_MAX];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == SoftwareDevice.READS_MAX;
    }

    void add(Frame read) {
        int slot = (head + size++) & MASK;
        sequences[slot] = read.sequence;
        addresses[slot] = read.address;
        totals[slot] = read.total;
        keys[slot] = read.key;
    }

    void removeFirst() {
        head = (head + 1) & MASK;
        size--;
    }

    void clear() {
        size = 0;
    }

    long sequence() {
        return sequences[head];
    }

    long address() {
        return addresses[head];
    }

    long total() {
        return totals[head];
    }

    int key() {
        return keys[head];
    }
}
