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
    public void remove(long inodeId, Layout layout) {
        lengths.remove(inodeId);
    }

    /** A client has written up to {@code end}. */
    void written(long inodeId, long end) {
        lengths.merge(inodeId, end, Math::max);
    }
}
