package dev.weft.simulation.meta;

import dev.weft.api.meta.Layout;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkStat;
import dev.weft.meta.ChunkInventory;
import dev.weft.meta.ChunkStore;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Storage, as far as metadata servers need it: how long each file's chunks are. Always there. */
final class ChunkLengths implements ChunkStore, ChunkInventory {
    private static final int CHAIN = 1;

    private final SortedMap<Long, Long> lengths = new TreeMap<>();

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

    @Override
    public Optional<ChunkInventory> inventory() {
        return Optional.of(this);
    }

    @Override
    public List<Integer> chains() {
        return List.of(CHAIN);
    }

    /** All at once: files have one chunk, and there are few. */
    @Override
    public ChunkListReply page(int chainId, Optional<ChunkId> after, int limit) {
        long from = after.map(ChunkId::inodeId).orElse(0L) + 1;
        return new ChunkListReply(
                lengths.tailMap(from).entrySet().stream()
                        .filter(file -> file.getValue() > 0)
                        .map(file -> new ChunkStat(
                                new ChunkId(file.getKey(), 0), 1, Math.toIntExact(file.getValue()), 0, false))
                        .toList(),
                false);
    }

    @Override
    public boolean has(int chainId, long inodeId) {
        return lengths.containsKey(inodeId);
    }

    @Override
    public void remove(int chainId, long inodeId) {
        lengths.remove(inodeId);
    }

    /** A client has written up to {@code end}. */
    void written(long inodeId, long end) {
        lengths.merge(inodeId, end, Math::max);
    }
}
