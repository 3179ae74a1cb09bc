package dev.weft.rpc.rdma.software;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The memory regions of a device by key. A key is a place in the table, and a number by chance that is another one each
 * time that the place is used:
 *
 * <pre>
 *  31            16 15             0
 * +----------------+----------------+
 * |     chance     |     place      |
 * +----------------+----------------+
 * </pre>
 */
final class RegionTable {
    /** As many as there are places; real devices have some more. */
    static final int REGIONS_MAX = 1 << 16;

    private static final int PLACE = REGIONS_MAX - 1;

    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    /** Replaced when it grows, so that it is read without the lock; a place that is not used keeps null. */
    private volatile @Nullable SoftwareMr[] regions = new @Nullable SoftwareMr[64];

    @GuardedBy("lock")
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    @GuardedBy("lock")
    private int placesUsed;

    RegionTable(RandomGenerator random) {
        this.random = random;
    }

    /** Makes a region with a key of this table. */
    interface Maker {
        SoftwareMr make(int key) throws IOException;
    }

    SoftwareMr add(Maker maker) throws IOException {
        lock.lock();
        try {
            int place = newPlace();
            // Never 0, so that a key of 0 is not valid by accident.
            int chance = 1 + random.nextInt(0xffff);
            SoftwareMr region = maker.make(chance << 16 | place);
            if (place >= regions.length) {
                regions = Arrays.copyOf(regions, regions.length * 2);
            }
            @Nullable SoftwareMr[] table = regions;
            table[place] = region;
            regions = table;
            return region;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private int newPlace() throws IOException {
        if (placesUsed < REGIONS_MAX) {
            return placesUsed++;
        }
        Integer place = free.poll();
        if (place == null) {
            throw Errno.ENOMEM.because(REGIONS_MAX + " memory regions are registered, which is all that there can be");
        }
        return place;
    }

    void remove(SoftwareMr region) {
        lock.lock();
        try {
            int place = region.key() & PLACE;
            @Nullable SoftwareMr[] table = regions;
            table[place] = null;
            regions = table;
            free.add(place);
        } finally {
            lock.unlock();
        }
    }

    /** The region of a key, entered, if all of this is allowed; the caller leaves it. */
    @Nullable
    SoftwareMr enter(int key, SoftwarePd user, long address, long length, int rights) {
        @Nullable SoftwareMr[] table = regions;
        int place = key & PLACE;
        SoftwareMr region = place < table.length ? table[place] : null;
        if (region == null || region.key() != key || !region.allows(user, address, length, rights)) {
            return null;
        }
        return region.enter() ? region : null;
    }
}
