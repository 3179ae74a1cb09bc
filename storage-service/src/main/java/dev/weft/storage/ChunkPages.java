package dev.weft.storage;

import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkStat;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageService;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All chunks of one target in order, fetched page by page. For one thread. */
final class ChunkPages {
    private static final int PAGE = 1000;

    private final Source source;
    private List<ChunkStat> page;
    private int position;

    ChunkPages(Source source) throws StorageException {
        this.source = source;
        this.page = source.after(null);
    }

    static ChunkPages of(ChunkEngine engine, long target) throws StorageException {
        return new ChunkPages(after -> {
            ChunkKey key = after == null ? null : new ChunkKey(target, after.inodeId(), after.index());
            return engine.list(target, key, PAGE).stream().map(ChunkReads::stat).toList();
        });
    }

    static ChunkPages of(StorageService peer, ChainRef chain, long target) throws StorageException {
        return new ChunkPages(after -> {
            ChunkListReply reply =
                    peer.listChunks(new ChunkListRequest(chain, target, Optional.ofNullable(after), PAGE));
            return reply.chunks();
        });
    }

    /** The chunk that is next; null at the end. */
    @Nullable
    ChunkStat head() {
        return position < page.size() ? page.get(position) : null;
    }

    void advance() throws StorageException {
        position++;
        if (position == page.size()) {
            page = source.after(page.getLast().chunk());
            position = 0;
        }
    }

    /** Where pages come from; empty at the end. */
    interface Source {
        List<ChunkStat> after(@Nullable ChunkId chunk) throws StorageException;
    }
}
