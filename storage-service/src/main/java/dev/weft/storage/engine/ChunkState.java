package dev.weft.storage.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What memory holds of one chunk. At least one of the two is there. */
record ChunkState(@Nullable Stored committed, @Nullable Stored pending) {
    /**
     * A version and where its bytes are; nowhere if it has none.
     *
     * @param tailChecksum of the bytes behind its last whole block
     */
    record Stored(
            ChunkVersion version,
            int tailChecksum,
            @Nullable Extent extent) {
        void release() {
            if (extent != null) {
                extent.release();
            }
        }
    }

    ChunkInfo info(ChunkKey key) {
        return new ChunkInfo(
                key,
                Optional.ofNullable(committed).map(Stored::version),
                Optional.ofNullable(pending).map(Stored::version));
    }

    long committedNumber() {
        return committed == null ? 0 : committed.version().number();
    }
}
