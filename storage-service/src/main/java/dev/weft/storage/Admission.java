package dev.weft.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the memory that changes hold while they wait for their successors.
 *
 * <p>Nodes wait for each other's memory along their chains, and the chains run in all directions, so heads that filled all
 * of it would wait in a circle. Hence the closer to the tail, the more a change may use: tails wait for nobody, always find
 * room, and free what is before them.
 */
final class Admission {
    /** All memory for changes. Half of a {@link dev.weft.rpc.BufferPool} and more; reads have the rest. */
    private static final long TOTAL_BYTES = 192L << 20;

    private static final long HEAD_BYTES = TOTAL_BYTES / 2;
    private static final long MIDDLE_BYTES = TOTAL_BYTES / 4 * 3;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long used;

    /** Where a change is in its chain. */
    enum Place {
        HEAD(HEAD_BYTES),
        MIDDLE(MIDDLE_BYTES),
        TAIL(TOTAL_BYTES);

        private final long limit;

        Place(long limit) {
            this.limit = limit;
        }
    }

    /** @throws RpcException RESOURCE_EXHAUSTED at once if there is no room now */
    Held enter(Place place, int bytes) {
        lock.lock();
        try {
            if (used + bytes > place.limit) {
                throw new RpcException(
                        StatusCode.RESOURCE_EXHAUSTED,
                        "changes hold " + used + " bytes, a " + place + " may not add " + bytes + " above "
                                + place.limit);
            }
            used += bytes;
        } finally {
            lock.unlock();
        }
        return () -> leave(bytes);
    }

    private void leave(int bytes) {
        lock.lock();
        try {
            used -= bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Room that is taken. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
