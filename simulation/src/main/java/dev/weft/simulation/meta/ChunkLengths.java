package dev.weft.simulation.meta;

import dev.weft.api.meta.Layout;
import dev.weft.meta.ChunkStore;
import java.util.HashMap;
import java.util.Map;

/** Storage, as far as metadata servers need it: how long each file's chunks are. Always there. */
final class ChunkLengths implements ChunkStore {
    private final Map<Long, Long> lengths = new HashMap<>();

    @Override
    public long length(long inodeId, Layout layout) {
        return lengths.getOrDefault(inodeId, 0L);
    }

    @Override
    public void truncate(long inodeId, Layout layout, long length) {
        lengths.put(inodeId, length);
    }

    @Override
    public boolean remove(long inodeId, Layout layout, int limit) {
        lengths.remove(inodeId);
        return true;
    }

    /** A client has written up to {@code end}. */
    void written(long inodeId, long end) {
        lengths.merge(inodeId, end, Math::max);
    }
}
