package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is known of all chunks, in order of their keys. */
final class ChunkTable {
    /** An entry changes only while the chunk is {@link #hold held}. */
    private final ConcurrentNavigableMap<ChunkKey, ChunkState> chunks = new ConcurrentSkipListMap<>();

    private final Map<ChunkKey, Boolean> held = new ConcurrentHashMap<>();

    /** Held by compaction while it holds a chunk, so that others can wait for it. */
    private final ReentrantLock moving = new ReentrantLock();

    /**
     * Keeps compaction away from a chunk until {@link Hold#close}. Callers already take turns with one chunk, so this waits for
     * a move at most.
     */
    Hold hold(ChunkKey key) {
        if (held.putIfAbsent(key, true) != null) {
            moving.lock();
            try {
                if (held.putIfAbsent(key, true) != null) {
                    throw new IllegalStateException("chunk " + key + " is being changed by two at a time");
                }
            } finally {
                moving.unlock();
            }
        }
        return () -> held.remove(key);
    }

    /** Runs a move while nothing else changes the chunk; not at all if something is doing so. */
    void tryMove(ChunkKey key, Move move) throws IOException {
        moving.lock();
        try {
            if (held.putIfAbsent(key, true) == null) {
                try {
                    move.run();
                } finally {
                    held.remove(key);
                }
            }
        } finally {
            moving.unlock();
        }
    }

    @Nullable
    ChunkState get(ChunkKey key) {
        return chunks.get(key);
    }

    void put(ChunkKey key, ChunkState state) {
        chunks.put(key, state);
    }

    void remove(ChunkKey key) {
        chunks.remove(key);
    }

    /** A version whose extent is held for the caller; null if there is none. */
    @Nullable
    Stored retain(ChunkKey key, Function<ChunkState, @Nullable Stored> which) {
        while (true) {
            ChunkState state = chunks.get(key);
            Stored stored = state == null ? null : which.apply(state);
            if (stored == null) {
                return null;
            }
            Extent extent = stored.extent();
            // Failing to retain means that another version took its place since; the map already has that one.
            if (extent == null || extent.retain()) {
                return stored;
            }
        }
    }

    List<ChunkInfo> list(long target, @Nullable ChunkKey after, int limit) {
        ChunkKey from = after != null ? after : new ChunkKey(target, 0, 0);
        List<ChunkInfo> page = new ArrayList<>();
        for (Map.Entry<ChunkKey, ChunkState> entry :
                chunks.tailMap(from, after == null).entrySet()) {
            if (entry.getKey().target() != target || page.size() == limit) {
                break;
            }
            page.add(entry.getValue().info(entry.getKey()));
        }
        return page;
    }

    Optional<ChunkEngine.LastChunk> last(long target, long inode) {
        ChunkEngine.LastChunk last = null;
        for (Map.Entry<ChunkKey, ChunkState> entry : chunks.subMap(
                        new ChunkKey(target, inode, 0), true, new ChunkKey(target, inode, -1), true)
                .entrySet()) {
            Stored committed = entry.getValue().committed();
            if (committed != null) {
                int count = last == null ? 0 : last.chunks();
                last = new ChunkEngine.LastChunk(entry.getKey().index(), committed.length(), count + 1);
            }
        }
        return Optional.ofNullable(last);
    }

    /** Chunks in order that have a committed version and no other, with an extent that fits. */
    List<ChunkKey> inExtents(int limit, Predicate<Extent> fits) {
        List<ChunkKey> found = new ArrayList<>();
        for (Map.Entry<ChunkKey, ChunkState> entry : chunks.entrySet()) {
            ChunkState state = entry.getValue();
            Stored committed = state.committed();
            if (state.pending() == null
                    && committed != null
                    && committed.extent() != null
                    && fits.test(committed.extent())) {
                found.add(entry.getKey());
                if (found.size() == limit) {
                    break;
                }
            }
        }
        return found;
    }

    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    interface Move {
        void run() throws IOException;
    }
}
