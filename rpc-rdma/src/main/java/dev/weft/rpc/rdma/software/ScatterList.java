package dev.weft.rpc.rdma.software;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Pieces of memory, of which those that are registered are held open until {@link #release}. For one thread. */
final class ScatterList {
    private final RegionTable regions;
    private final SoftwarePd pd;
    private @Nullable SoftwareMr[] held;
    private long[] addresses;
    private long[] lengths;
    private int size;
    private long bytes;

    ScatterList(RegionTable regions, SoftwarePd pd, int capacity) {
        this.regions = regions;
        this.pd = pd;
        int pieces = Math.max(1, capacity);
        held = new @Nullable SoftwareMr[pieces];
        addresses = new long[pieces];
        lengths = new long[pieces];
    }

    /** Adds registered memory, or says that it is not what the key allows. Nothing is needed for no bytes. */
    boolean add(int key, long address, long length, int rights) {
        if (length == 0) {
            return true;
        }
        SoftwareMr region = regions.enter(key, pd, address, length, rights);
        if (region == null) {
            return false;
        }
        append(region, address, length);
        return true;
    }

    /** Adds memory of the queue pair itself. */
    void addOwn(long address, long length) {
        append(null, address, length);
    }

    private void append(@Nullable SoftwareMr region, long address, long length) {
        if (size == addresses.length) {
            held = Arrays.copyOf(held, 2 * size);
            addresses = Arrays.copyOf(addresses, 2 * size);
            lengths = Arrays.copyOf(lengths, 2 * size);
        }
        held[size] = region;
        addresses[size] = address;
        lengths[size] = length;
        size++;
        bytes += length;
    }

    long bytes() {
        return bytes;
    }

    /** Copies {@code length} bytes from its {@code offset} on to an address. */
    void copyOut(long offset, long to, long length) {
        move(offset, to, length, true);
    }

    /** Copies {@code length} bytes from an address into it, from its {@code offset} on. */
    void copyIn(long offset, long from, long length) {
        move(offset, from, length, false);
    }

    private void move(long offset, long other, long length, boolean out) {
        long skip = offset;
        long left = length;
        for (int i = 0; left > 0; i++) {
            if (i == size) {
                throw new AssertionError(left + " of " + length + " bytes have no place in " + bytes);
            }
            long step = Math.min(left, lengths[i] - skip);
            if (step > 0) {
                long own = addresses[i] + skip;
                long there = other + length - left;
                NativeMemory.copy(out ? own : there, out ? there : own, step);
                left -= step;
            }
            skip = Math.max(0, skip - lengths[i]);
        }
    }

    void release() {
        for (int i = 0; i < size; i++) {
            SoftwareMr region = held[i];
            if (region != null) {
                region.exit();
                held[i] = null;
            }
        }
        size = 0;
        bytes = 0;
    }

    /** Copies all of {@code from} into {@code to}, from its {@code offset} on; there is room for it. */
    static void copy(ScatterList from, ScatterList to, long offset) {
        long at = offset;
        for (int i = 0; i < from.size; i++) {
            to.copyIn(at, from.addresses[i], from.lengths[i]);
            at += from.lengths[i];
        }
    }

    static void copy(ScatterList from, ScatterList to) {
        copy(from, to, 0);
    }
}
