package dev.weft.storage.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives out space in the data files, one file for each size class.
 *
 * <p>Space that comes back is not given out again before the index has durably forgotten it: otherwise a crash could
 * bring back an index that refers to bytes of another chunk.
 */
final class Extents {
    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final BitSet[] taken = new BitSet[SizeClass.COUNT];

    @GuardedBy("lock")
    private final @Nullable DiskFile[] files = new @Nullable DiskFile[SizeClass.COUNT];

    @GuardedBy("lock")
    private List<Extent> givenBack = new ArrayList<>();

    private final AtomicLong usedBytes = new AtomicLong();

    Extents(Disk disk) {
        this.disk = disk;
        for (int i = 0; i < SizeClass.COUNT; i++) {
            taken[i] = new BitSet();
        }
    }

    Extent allocate(int length) {
        int sizeClass = SizeClass.of(length);
        lock.lock();
        try {
            int slot = taken[sizeClass].nextClearBit(0);
            return take(sizeClass, slot);
        } finally {
            lock.unlock();
        }
    }

    /** Takes an extent that the index refers to; only while the engine opens. */
    Extent occupy(int sizeClass, int slot) throws IOException {
        lock.lock();
        try {
            if (sizeClass < 0 || sizeClass >= SizeClass.COUNT || slot < 0) {
                throw new IOException("index refers to extent " + sizeClass + "/" + slot + ", which cannot exist");
            }
            if (taken[sizeClass].get(slot)) {
                throw new IOException("index refers to extent " + sizeClass + "/" + slot + " twice");
            }
            return take(sizeClass, slot);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Extent take(int sizeClass, int slot) {
        taken[sizeClass].set(slot);
        usedBytes.addAndGet(SizeClass.bytes(sizeClass));
        return new Extent(sizeClass, slot, this);
    }

    void giveBack(Extent extent) {
        usedBytes.addAndGet(-SizeClass.bytes(extent.sizeClass));
        lock.lock();
        try {
            givenBack.add(extent);
        } finally {
            lock.unlock();
        }
    }

    /** What came back so far: pass it to {@link #reuse} after the next durable write of the index. */
    List<Extent> takeGivenBack() {
        lock.lock();
        try {
            List<Extent> result = givenBack;
            givenBack = new ArrayList<>();
            return result;
        } finally {
            lock.unlock();
        }
    }

    void reuse(List<Extent> extents) {
        lock.lock();
        try {
            for (Extent extent : extents) {
                taken[extent.sizeClass].clear(extent.slot);
            }
        } finally {
            lock.unlock();
        }
    }

    DiskFile file(Extent extent) throws IOException {
        lock.lock();
        try {
            DiskFile file = files[extent.sizeClass];
            if (file == null) {
                file = disk.file("extents-" + (SizeClass.bytes(extent.sizeClass) >> 10) + "k");
                files[extent.sizeClass] = file;
            }
            return file;
        } finally {
            lock.unlock();
        }
    }

    long usedBytes() {
        return usedBytes.get();
    }
}
