package dev.weft.storage;

import dev.weft.storage.engine.ChunkKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One lock for each chunk that is being changed, first come first served. */
final class ChunkLocks {
    private final Map<ChunkKey, Entry> entries = new ConcurrentHashMap<>();

    Held lock(ChunkKey key) throws InterruptedException {
        Entry entry = enter(key);
        try {
            entry.lock.lockInterruptibly();
        } catch (InterruptedException e) {
            leave(key);
            throw e;
        }
        return () -> release(key, entry);
    }

    /** Null if somebody else has the lock. */
    @Nullable
    Held tryLock(ChunkKey key) {
        Entry entry = enter(key);
        if (!entry.lock.tryLock()) {
            leave(key);
            return null;
        }
        return () -> release(key, entry);
    }

    private Entry enter(ChunkKey key) {
        return entries.compute(key, (_, known) -> {
            Entry mine = known == null ? new Entry() : known;
            mine.users++;
            return mine;
        });
    }

    private void release(ChunkKey key, Entry entry) {
        entry.lock.unlock();
        leave(key);
    }

    private void leave(ChunkKey key) {
        entries.computeIfPresent(key, (_, entry) -> --entry.users == 0 ? null : entry);
    }

    /** A lock that the calling thread has. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Entry {
        final ReentrantLock lock = new ReentrantLock(true);

        /** Holder and waiters; changed inside of {@code compute} only. */
        int users;
    }
}
