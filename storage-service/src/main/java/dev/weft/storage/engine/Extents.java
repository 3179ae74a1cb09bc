package dev.weft.storage.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives out space in the data files, one file for each size class, which have their space set aside.
 *
 * <p>Which slots are taken follows from the index. Space that comes back is not given out again before the index has durably
 * forgotten it: otherwise a crash could bring back an index that refers to bytes of another chunk.
 */
final class Extents {
    /** A file grows by this part of its size, so that a large one grows seldom. */
    private static final int GROW_PART = 8;

    private static final long GROW_BYTES_MAX = 1L << 30;

    private final Disk disk;
    private final EngineOptions options;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final SlotMap[] slots = new SlotMap[SizeClass.COUNT];

    @GuardedBy("lock")
    private List<Extent> givenBack = new ArrayList<>();

    /** Set once each, under the lock. */
    private final @Nullable DiskFile[] files = new @Nullable DiskFile[SizeClass.COUNT];

    private final AtomicLong usedBytes = new AtomicLong();

    private volatile boolean refusesNew;

    /** Parts of the disk that are in use, from which on space is low, and new chunks are refused. */
    private volatile double lowSpace;

    private volatile double refuseNew;

    Extents(Disk disk, EngineOptions options) {
        this.disk = disk;
        this.options = options;
        this.lowSpace = options.lowSpace();
        this.refuseNew = options.refuseNew();
        for (int i = 0; i < SizeClass.COUNT; i++) {
            slots[i] = new SlotMap();
        }
    }

    /**
     * Space for a version.
     *
     * @param fresh whether the chunk is new, which is refused first when space runs out
     */
    Extent allocate(int length, boolean fresh) throws IOException {
        if (fresh && refusesNew) {
            throw new NoSpaceException("the disk is more than " + refuseNew + " full: no new chunks");
        }
        int sizeClass = SizeClass.of(length);
        lock.lock();
        try {
            open(sizeClass);
            int slot = slots[sizeClass].take();
            if (slot < 0) {
                grow(sizeClass);
                slot = slots[sizeClass].take();
            }
            return taken(sizeClass, slot);
        } finally {
            lock.unlock();
        }
    }

    /** Space for the same bytes before a slot; null if there is none. */
    @Nullable
    Extent allocateBelow(Extent extent, int limit) {
        lock.lock();
        try {
            int slot = slots[extent.sizeClass].takeBelow(Math.min(limit, extent.slot));
            return slot < 0 ? null : taken(extent.sizeClass, slot);
        } finally {
            lock.unlock();
        }
    }

    /** Takes an extent that the index refers to; only while the engine opens. */
    Extent occupy(int sizeClass, int slot) throws IOException {
        if (sizeClass < 0 || sizeClass >= SizeClass.COUNT || slot < 0) {
            throw new IOException("index refers to extent " + sizeClass + "/" + slot + ", which cannot exist");
        }
        lock.lock();
        try {
            open(sizeClass);
            if (slot >= slots[sizeClass].slots()) {
                throw new IOException("index refers to extent " + sizeClass + "/" + slot + ", but the file "
                        + SizeClass.fileName(sizeClass) + " holds " + slots[sizeClass].slots());
            }
            if (!slots[sizeClass].occupy(slot)) {
                throw new IOException("index refers to extent " + sizeClass + "/" + slot + " twice");
            }
            return taken(sizeClass, slot);
        } finally {
            lock.unlock();
        }
    }

    private Extent taken(int sizeClass, int slot) {
        usedBytes.addAndGet(SizeClass.bytes(sizeClass));
        return new Extent(sizeClass, slot, this);
    }

    @GuardedBy("lock")
    private DiskFile open(int sizeClass) throws IOException {
        DiskFile file = files[sizeClass];
        if (file == null) {
            file = disk.file(SizeClass.fileName(sizeClass));
            slots[sizeClass].growTo(Math.toIntExact(file.size() / SizeClass.bytes(sizeClass)));
            files[sizeClass] = file;
        }
        return file;
    }

    @GuardedBy("lock")
    private void grow(int sizeClass) throws IOException {
        DiskFile file = open(sizeClass);
        int slotBytes = SizeClass.bytes(sizeClass);
        long size = (long) slots[sizeClass].slots() * slotBytes;
        long step = Math.clamp(size / GROW_PART, options.growBytes(), Math.max(GROW_BYTES_MAX, options.growBytes()));
        long wanted = size + Math.max(1, step / slotBytes) * slotBytes;
        try {
            file.allocate(wanted);
        } catch (NoSpaceException e) {
            wanted = size + slotBytes;
            file.allocate(wanted);
        }
        slots[sizeClass].growTo(Math.toIntExact(wanted / slotBytes));
    }

    void giveBack(Extent extent) {
        usedBytes.addAndGet(-extent.bytes());
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

    boolean hasGivenBack() {
        lock.lock();
        try {
            return !givenBack.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void reuse(List<Extent> extents) {
        lock.lock();
        try {
            for (Extent extent : extents) {
                slots[extent.sizeClass].release(extent.slot);
            }
        } finally {
            lock.unlock();
        }
    }

    DiskFile file(Extent extent) {
        DiskFile file = files[extent.sizeClass];
        if (file == null) {
            throw new IllegalStateException("extent " + extent.sizeClass + "/" + extent.slot + " has no file");
        }
        return file;
    }

    long usedBytes() {
        return usedBytes.get();
    }

    /** Looks at how full the disk is, which decides whether new chunks are refused. */
    EngineSpace measure() throws IOException {
        long reserved = 0;
        lock.lock();
        try {
            for (int i = 0; i < SizeClass.COUNT; i++) {
                reserved += (long) slots[i].freeCount() * SizeClass.bytes(i);
            }
        } finally {
            lock.unlock();
        }
        long capacity = disk.capacityBytes();
        long free = disk.freeBytes();
        double full = capacity == 0 ? 0 : 1 - (double) (free + reserved) / capacity;
        refusesNew = full >= refuseNew;
        return new EngineSpace(capacity, free, reserved, usedBytes(), full >= lowSpace, refusesNew);
    }

    void limitSpace(double low, double refuse) {
        lowSpace = low;
        refuseNew = refuse;
    }

    /** Sets space aside in a class of small extents that is in use and has little of it left. */
    void reserve(int sizeClass) throws IOException {
        lock.lock();
        try {
            SlotMap map = slots[sizeClass];
            long free = (long) map.freeCount() * SizeClass.bytes(sizeClass);
            boolean small = SizeClass.bytes(sizeClass) <= options.growBytes() / 4;
            if (small && map.takenCount() > 0 && !refusesNew && free < options.growBytes() / 4) {
                grow(sizeClass);
            }
        } catch (NoSpaceException e) {
            refusesNew = true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives space back to the disk, at most {@code limit} slots of it; returns how many. */
    int discard(int sizeClass, int limit) throws IOException {
        DiskFile file = files[sizeClass];
        if (file == null) {
            return 0;
        }
        int slotBytes = SizeClass.bytes(sizeClass);
        cut(sizeClass, file);
        int punched = 0;
        while (punched < limit) {
            int slot = takeSurplus(sizeClass);
            if (slot < 0) {
                break;
            }
            try {
                file.discard((long) slot * slotBytes, slotBytes);
            } finally {
                lock.lock();
                try {
                    slots[sizeClass].releasePunched(slot);
                } finally {
                    lock.unlock();
                }
            }
            punched++;
        }
        return punched;
    }

    private void cut(int sizeClass, DiskFile file) throws IOException {
        int slotBytes = SizeClass.bytes(sizeClass);
        lock.lock();
        try {
            int before = slots[sizeClass].slots();
            int after = slots[sizeClass].cutTo(keptFree(sizeClass));
            if (after < before) {
                file.truncate((long) after * slotBytes);
            }
        } finally {
            lock.unlock();
        }
    }

    private int takeSurplus(int sizeClass) {
        lock.lock();
        try {
            return slots[sizeClass].freeCount() <= keptFree(sizeClass) ? -1 : slots[sizeClass].takeToPunch();
        } finally {
            lock.unlock();
        }
    }

    /** Slots that stay set aside: two steps of growth. */
    private int keptFree(int sizeClass) {
        return (int) Math.max(1, 2 * options.growBytes() / SizeClass.bytes(sizeClass));
    }

    /** The slot behind which a file should be empty: so many would do for what is taken; -1 if the file is full enough. */
    int sparseFrom(int sizeClass) {
        lock.lock();
        try {
            SlotMap map = slots[sizeClass];
            int enough = map.takenCount() + keptFree(sizeClass);
            return map.slots() > 2 * enough ? enough : -1;
        } finally {
            lock.unlock();
        }
    }
}
