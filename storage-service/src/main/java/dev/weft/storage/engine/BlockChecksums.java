package dev.weft.storage.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.storage.engine.DiskIndex.IndexChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Checksums of the whole blocks of each extent, in the index, with those used last in memory.
 *
 * <p>A record holds those of one <em>span</em> of an extent, so that to append to a large chunk does not rewrite them all.
 * A version that ends inside a block has the checksum of that rest in its own record.
 */
final class BlockChecksums {
    /** 1 MiB, the usual chunk: one record of 1 KiB. */
    static final int SPAN_BLOCKS = 256;

    static final int SPAN_BYTES = SPAN_BLOCKS * Disk.BLOCK_BYTES;

    /** What one record takes in memory, with the map around it. */
    private static final int RECORD_BYTES = SPAN_BLOCKS * Integer.BYTES + 112;

    private static final int SHARDS = 16;

    private final DiskIndex index;
    private final Shard[] shards = new Shard[SHARDS];

    /** @param cacheBytes of memory for records; one for each MiB of data that is read often */
    BlockChecksums(DiskIndex index, long cacheBytes) {
        this.index = index;
        int records = Math.toIntExact(Math.max(16, cacheBytes / RECORD_BYTES / SHARDS));
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = new Shard(records);
        }
    }

    /**
     * Those of a span, at least as many as are asked for. The caller holds the extent.
     *
     * @throws IOException if the index has fewer
     */
    int[] of(Extent extent, int span, int blocks) throws IOException {
        long name = name(extent, span);
        Shard shard = shard(name);
        int[] known = shard.get(name);
        // Fewer are known when the extent has been appended to since they were read.
        if (known == null || known.length < blocks) {
            byte[] record = index.get(IndexRecords.checksumsKey(extent.sizeClass, extent.slot, span));
            known = record == null ? new int[0] : IndexRecords.readChecksums(record);
            if (known.length < blocks) {
                throw new IOException("index has " + known.length + " checksums of the blocks of extent "
                        + extent.sizeClass + "/" + extent.slot + " span " + span + ", there should be " + blocks);
            }
            shard.put(name, known);
        }
        return known;
    }

    /** What puts a span's checksums into the index. */
    static IndexChange change(Extent extent, int span, int[] checksums) {
        return new IndexChange(
                IndexRecords.checksumsKey(extent.sizeClass, extent.slot, span), IndexRecords.checksums(checksums));
    }

    /** The index has them now. */
    void remember(Extent extent, int span, int[] checksums) {
        long name = name(extent, span);
        shard(name).put(name, checksums);
    }

    /** What removes all of an extent's from the index. */
    static List<IndexChange> removal(Extent extent) {
        List<IndexChange> changes = new ArrayList<>();
        for (int span = 0; span * (long) SPAN_BYTES < extent.written(); span++) {
            changes.add(new IndexChange(IndexRecords.checksumsKey(extent.sizeClass, extent.slot, span), null));
        }
        return changes;
    }

    private static long name(Extent extent, int span) {
        return ((long) extent.slot << 16) | ((long) extent.sizeClass << 8) | span;
    }

    private Shard shard(long name) {
        return shards[(Long.hashCode(name * 0x9E3779B97F4A7C15L) >>> 8) % SHARDS];
    }

    /** Forgets what was used longest ago. */
    private static final class Shard {
        private final ReentrantLock lock = new ReentrantLock();

        @GuardedBy("lock")
        private final Map<Long, int[]> records;

        Shard(int recordsMax) {
            this.records = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, int[]> eldest) {
                    return size() > recordsMax;
                }
            };
        }

        int @Nullable [] get(long name) {
            lock.lock();
            try {
                return records.get(name);
            } finally {
                lock.unlock();
            }
        }

        void put(long name, int[] checksums) {
            lock.lock();
            try {
                records.put(name, checksums);
            } finally {
                lock.unlock();
            }
        }
    }
}
