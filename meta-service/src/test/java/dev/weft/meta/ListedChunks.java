package dev.weft.meta;

import dev.weft.api.meta.Layout;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkStat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Chunks on chains, as lengths, that can be listed. Thread-safe. */
final class ListedChunks implements ChunkStore, ChunkInventory {
    private static final int PAGE_MAX = 3;

    private final Map<Integer, TreeMap<ChunkId, Integer>> chains = new TreeMap<>();

    ListedChunks(int chainCount) {
        IntStream.rangeClosed(1, chainCount).forEach(chain -> chains.put(chain, new TreeMap<>()));
    }

    private NavigableMap<ChunkId, Integer> on(int chainId) {
        return Optional.ofNullable(chains.get(chainId)).orElseThrow();
    }

    synchronized void put(int chainId, ChunkId chunk, int length) {
        on(chainId).put(chunk, length);
    }

    /** As a writer does who writes all of it. */
    synchronized void write(long inodeId, Layout layout, long end) {
        int size = layout.chunkSize();
        for (int index = 0; (long) index * size < end; index++) {
            int length = (int) Math.min(size, end - (long) index * size);
            on(layout.chains().get(index % layout.chains().size()))
                    .merge(new ChunkId(inodeId, index), length, Math::max);
        }
    }

    @Override
    public synchronized long length(long inodeId, Layout layout) {
        long length = 0;
        for (int chainId : layout.chains()) {
            for (Map.Entry<ChunkId, Integer> chunk : of(chainId, inodeId).entrySet()) {
                length = Math.max(length, (long) chunk.getKey().index() * layout.chunkSize() + chunk.getValue());
            }
        }
        return length;
    }

    private NavigableMap<ChunkId, Integer> of(int chainId, long inodeId) {
        return on(chainId).subMap(new ChunkId(inodeId, 0), true, new ChunkId(inodeId, -1), true);
    }

    @Override
    public synchronized void truncate(long inodeId, Layout layout, long length) {
        layout.chains().forEach(chainId -> of(chainId, inodeId).clear());
        write(inodeId, layout, length);
    }

    @Override
    public synchronized boolean remove(long inodeId, Layout layout, int limit) {
        layout.chains().forEach(chainId -> of(chainId, inodeId).clear());
        return true;
    }

    @Override
    public Optional<ChunkInventory> inventory() {
        return Optional.of(this);
    }

    @Override
    public List<Integer> chains() {
        return List.copyOf(chains.keySet());
    }

    @Override
    public synchronized ChunkListReply page(int chainId, Optional<ChunkId> after, int limit) {
        NavigableMap<ChunkId, Integer> all = on(chainId);
        Map<ChunkId, Integer> behind = after.isPresent() ? all.tailMap(after.get(), false) : all;
        List<ChunkStat> page = behind.entrySet().stream()
                .limit(Math.min(limit, PAGE_MAX))
                .map(chunk -> new ChunkStat(chunk.getKey(), 1, chunk.getValue(), 0, false))
                .toList();
        return new ChunkListReply(page, page.size() < behind.size());
    }

    @Override
    public synchronized boolean has(int chainId, long inodeId) {
        return !of(chainId, inodeId).isEmpty();
    }

    @Override
    public synchronized void remove(int chainId, long inodeId) {
        of(chainId, inodeId).clear();
    }

    synchronized int count() {
        return chains.values().stream().mapToInt(TreeMap::size).sum();
    }
}
