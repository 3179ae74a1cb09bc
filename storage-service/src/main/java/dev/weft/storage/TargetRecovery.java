package dev.weft.storage;

import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkVersion;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a target does alone before it serves again. */
final class TargetRecovery {
    private static final int PAGE = 1000;

    private final ChunkEngine engine;
    private final ChunkLocks locks;

    TargetRecovery(ChunkEngine engine, ChunkLocks locks) {
        this.engine = engine;
        this.locks = locks;
    }

    /**
     * Commits every pending version of a target: as the newest replica there is, it decides what was written. A chunk that
     * is locked has a writer who is about to do so.
     */
    void commitPending(long target) throws IOException {
        @Nullable ChunkKey after = null;
        List<ChunkInfo> page = engine.list(target, after, PAGE);
        while (!page.isEmpty()) {
            for (ChunkInfo chunk : page) {
                if (chunk.pending().isPresent()) {
                    commit(chunk.key());
                }
            }
            after = page.getLast().key();
            page = engine.list(target, after, PAGE);
        }
    }

    private void commit(ChunkKey key) throws IOException {
        try (ChunkLocks.Held lock = locks.tryLock(key)) {
            Optional<ChunkVersion> pending = engine.find(key).flatMap(ChunkInfo::pending);
            if (lock != null && pending.isPresent()) {
                engine.commit(key, pending.get().number());
            }
        }
    }
}
