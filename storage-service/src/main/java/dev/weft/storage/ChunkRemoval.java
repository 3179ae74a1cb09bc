package dev.weft.storage;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.RemoveChunksReply;
import dev.weft.api.storage.RemoveChunksRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes chunks of a file, one change through the chain for each. */
final class ChunkRemoval {
    private static final int LIMIT_MAX = 1000;

    private final Targets targets;
    private final ChunkEngine engine;
    private final ChainWriter writer;
    private final OwnTags ownTags;

    ChunkRemoval(Targets targets, ChunkEngine engine, ChainWriter writer, OwnTags ownTags) {
        this.targets = targets;
        this.engine = engine;
        this.writer = writer;
        this.ownTags = ownTags;
    }

    RemoveChunksReply remove(RemoveChunksRequest request) throws StorageException {
        Requests.checkLimit(request.limit(), LIMIT_MAX);
        Requests.checkLimit(request.from() + 1, Integer.MAX_VALUE);
        long target = targets.head(request.chain()).targetId();
        @Nullable
        ChunkKey after = request.from() == 0
                ? new ChunkKey(target, request.inodeId() - 1, -1)
                : new ChunkKey(target, request.inodeId(), request.from() - 1);
        List<ChunkInfo> found =
                engine.list(target, request.inodeId() == 0 && request.from() == 0 ? null : after, request.limit() + 1);
        int removed = 0;
        for (ChunkInfo chunk : found) {
            if (chunk.key().inode() != request.inodeId()) {
                break;
            }
            if (removed == request.limit()) {
                return new RemoveChunksReply(removed, true);
            }
            remove(request, new ChunkId(chunk.key().inode(), chunk.key().index()));
            removed++;
        }
        return new RemoveChunksReply(removed, false);
    }

    private void remove(RemoveChunksRequest request, ChunkId chunk) throws StorageException {
        try {
            WriteTag tag = ownTags.acquire();
            try {
                writer.update(new UpdateRequest(request.chain(), chunk, tag, new ChunkOperation.Remove()));
            } finally {
                ownTags.release(tag);
            }
        } catch (InterruptedException e) {
            throw Faults.cancelled(e);
        }
    }
}
