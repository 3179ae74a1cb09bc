package dev.weft.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkStat;
import dev.weft.api.storage.StorageException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What has to be brought to a target, in the order of the chunks: found page by page, as both sides list what they have. */
final class ChunkDifferences {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ChunkPages ours;

    @GuardedBy("lock")
    private final ChunkPages theirs;

    ChunkDifferences(ChunkPages ours, ChunkPages theirs) {
        this.ours = ours;
        this.theirs = theirs;
    }

    /**
     * A chunk that differs.
     *
     * @param length what there is to bring; zero if it has to be removed there
     */
    record Difference(ChunkId chunk, int length) {}

    /**
     * Whether a chunk is brought to a target that has {@code there} of it.
     *
     * <p>Not if it is the same on both sides and nothing is pending on ours: what is pending there only goes when the chunk is
     * brought.
     */
    static boolean isBrought(@Nullable ChunkStat here, @Nullable ChunkStat there) {
        return here == null ? there != null : here.pending() || !here.equals(there);
    }

    /** The next one, for whichever thread asks; null at the end. */
    @Nullable
    Difference next() throws StorageException {
        lock.lock();
        try {
            while (true) {
                ChunkStat here = ours.head();
                ChunkStat there = theirs.head();
                if (here == null && there == null) {
                    return null;
                }
                int order = here == null ? 1 : there == null ? -1 : here.chunk().compareTo(there.chunk());
                ChunkStat ourOne = order <= 0 ? here : null;
                ChunkStat theirOne = order >= 0 ? there : null;
                if (ourOne != null) {
                    ours.advance();
                }
                if (theirOne != null) {
                    theirs.advance();
                }
                if (isBrought(ourOne, theirOne)) {
                    return difference(ourOne, theirOne);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Difference difference(@Nullable ChunkStat here, @Nullable ChunkStat there) {
        if (here != null) {
            return new Difference(here.chunk(), here.length());
        }
        return there == null ? null : new Difference(there.chunk(), 0);
    }
}
