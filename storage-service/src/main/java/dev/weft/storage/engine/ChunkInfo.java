package dev.weft.storage.engine;

import java.util.Optional;

/** What the engine has of one chunk: a committed version, a pending one, or both. */
public record ChunkInfo(ChunkKey key, Optional<ChunkVersion> committed, Optional<ChunkVersion> pending) {
    /** The same with nothing on its way. */
    public ChunkInfo withoutPending() {
        return new ChunkInfo(key, committed, Optional.empty());
    }

    /** Number of the committed version; zero if there is none. */
    public long committedNumber() {
        return committed.map(ChunkVersion::number).orElse(0L);
    }
}
