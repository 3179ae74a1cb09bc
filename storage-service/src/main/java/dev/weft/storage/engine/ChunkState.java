package dev.weft.storage.engine;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What memory holds of one chunk. At least one of the two is there. */
record ChunkState(@Nullable Stored committed, @Nullable Stored pending) {
    /**
     * A version and where its bytes are; nowhere if it has none. Its fields are those of {@link ChunkVersion}, without the
     * objects between: there is one of this for each chunk.
     */
    static final class Stored {
        private final long number;
        private final int length;
        private final int checksum;
        private final int tailChecksum;
        private final UUID client;
        private final int channel;
        private final boolean removed;
        private final long sequence;
        private final @Nullable Extent extent;

        /** @param tailChecksum of the bytes behind its last whole block */
        Stored(ChunkVersion version, int tailChecksum, @Nullable Extent extent) {
            this.number = version.number();
            this.length = version.length();
            this.checksum = version.checksum();
            this.tailChecksum = tailChecksum;
            this.client = SharedIds.of(version.writer().client());
            this.channel = version.writer().channel();
            this.removed = version.removed();
            this.sequence = version.writer().sequence();
            this.extent = extent;
        }

        ChunkVersion version() {
            return new ChunkVersion(number, length, checksum, new WriteId(client, channel, sequence), removed);
        }

        long number() {
            return number;
        }

        int length() {
            return length;
        }

        int tailChecksum() {
            return tailChecksum;
        }

        @Nullable
        Extent extent() {
            return extent;
        }

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
        return committed == null ? 0 : committed.number();
    }
}
