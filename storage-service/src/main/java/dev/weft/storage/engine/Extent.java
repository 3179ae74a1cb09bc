package dev.weft.storage.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Space of one size class that holds one version of a chunk. It goes back to its owner when the version is gone and the
 * last reader has let go.
 */
final class Extent {
    final int sizeClass;
    final int slot;

    private final Extents owner;

    /** One for the version that refers to it, one for each reader; zero is final. */
    private final AtomicInteger references = new AtomicInteger(1);

    Extent(int sizeClass, int slot, Extents owner) {
        this.sizeClass = sizeClass;
        this.slot = slot;
        this.owner = owner;
    }

    long position() {
        return (long) slot * SizeClass.bytes(sizeClass);
    }

    /** False if the extent has been given back. */
    boolean retain() {
        int count = references.get();
        while (count > 0) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    void release() {
        int left = references.decrementAndGet();
        assert left >= 0 : "extent " + sizeClass + "/" + slot + " released too often";
        if (left == 0) {
            owner.giveBack(this);
        }
    }
}
