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

    int size() {
        return size;
    }

    long address(int index) {
        return addresses[index];
    }

    long length(int index) {
        return lengths[index];
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

    /** Copies all of {@code from} to the beginning of {@code to}, which has room for it. */
    static void copy(ScatterList from, ScatterList to) {
        int target = 0;
        long targetUsed = 0;
        for (int source = 0; source < from.size; source++) {
            long address = from.addresses[source];
            long left = from.lengths[source];
            while (left > 0) {
                long step = Math.min(left, to.lengths[target] - targetUsed);
                NativeMemory.copy(address, to.addresses[target] + targetUsed, step);
                address += step;
                left -= step;
                targetUsed += step;
                if (targetUsed == to.lengths[target]) {
                    target++;
                    targetUsed = 0;
                }
            }
        }
    }
}
