package dev.weft.storage.engine;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Space of one size class that holds versions of one chunk: one, or several of which each continues the one before. It
 * goes back to its owner when the versions are gone and the last reader has let go.
 */
final class Extent {
    private static final AtomicIntegerFieldUpdater<Extent> REFERENCES =
            AtomicIntegerFieldUpdater.newUpdater(Extent.class, "references");

    final byte sizeClass;
    final int slot;

    private final Extents owner;

    /** One for each version that refers to it, one for each reader; zero is final. */
    private volatile int references = 1;

    /**
     * How far any version has written since the extent was given out, or since the engine was opened: what is before it may
     * be being read. Changed only under the chunk's lock.
     */
    private volatile int written;

    Extent(int sizeClass, int slot, Extents owner) {
        this.sizeClass = (byte) sizeClass;
        this.slot = slot;
        this.owner = owner;
    }

    int bytes() {
        return SizeClass.bytes(sizeClass);
    }

    long position() {
        return (long) slot * bytes();
    }

    int written() {
        return written;
    }

    /** Comes before the writing: it may fail halfway. */
    void willWriteTo(int end) {
        written = Math.max(written, end);
    }

    /** False if the extent has been given back. */
    boolean retain() {
        int count = references;
        while (count > 0) {
            if (REFERENCES.compareAndSet(this, count, count + 1)) {
                return true;
            }
            count = references;
        }
        return false;
    }

    void release() {
        int left = REFERENCES.decrementAndGet(this);
        assert left >= 0 : "extent " + sizeClass + "/" + slot + " released too often";
        if (left == 0) {
            owner.giveBack(this);
        }
    }
}
