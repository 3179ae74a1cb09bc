package dev.weft.meta;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ConfirmRequest;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.LastChunkReply;
import dev.weft.api.storage.LastChunkRequest;
import dev.weft.api.storage.ReadReply;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.RemoveChunksReply;
import dev.weft.api.storage.RemoveChunksRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.SyncDoneRequest;
import dev.weft.api.storage.SyncTagsRequest;
import dev.weft.api.storage.TakenReply;
import dev.weft.api.storage.TakenRequest;
import dev.weft.api.storage.UpdateBatchReply;
import dev.weft.api.storage.UpdateBatchRequest;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** One chain's chunks, as lengths, behind the interface of a storage service. Used by one thread. */
final class FakeStorageService implements StorageService {
    final TreeMap<Integer, Integer> chunks = new TreeMap<>();
    final List<WriteTag> tags = new ArrayList<>();
    int chainVersion = 1;

    /** Thrown by the next calls, one each. */
    final List<RuntimeException> failures = new ArrayList<>();

    /** As {@code failures}, for updates only. */
    final List<RuntimeException> updateFailures = new ArrayList<>();

    /** Fails as the test wants, or because the caller knows another version of the chain. */
    private void answer(int version) throws StorageException {
        if (!failures.isEmpty()) {
            throw failures.removeFirst();
        }
        if (version != chainVersion) {
            throw new StorageException(
                    new StorageFault(StorageFault.Kind.WRONG_CHAIN_VERSION, chainVersion, "moved on"));
        }
    }

    @Override
    public UpdateReply update(UpdateRequest request) throws StorageException {
        tags.add(request.tag());
        if (!updateFailures.isEmpty()) {
            throw updateFailures.removeFirst();
        }
        answer(request.chain().version());
        ChunkId chunk = request.chunk();
        if (request.operation() instanceof ChunkOperation.Truncate(int chunkSize, int length)) {
            if (length > chunkSize) {
                throw new StorageException(new StorageFault(StorageFault.Kind.INVALID, chainVersion, "too long"));
            }
            chunks.put(chunk.index(), length);
            return new UpdateReply(1, length, 0, chainVersion);
        }
        throw new AssertionError("the metadata service does not " + request.operation());
    }

    @Override
    public TakenReply taken(TakenRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LastChunkReply lastChunk(LastChunkRequest request) throws StorageException {
        answer(request.chain().version());
        return chunks.isEmpty()
                ? new LastChunkReply(-1, 0, 0)
                : new LastChunkReply(chunks.lastKey(), chunks.lastEntry().getValue(), chunks.size());
    }

    @Override
    public RemoveChunksReply removeChunks(RemoveChunksRequest request) throws StorageException {
        answer(request.chain().version());
        List<Integer> beyond =
                chunks.tailMap(request.from(), true).keySet().stream().limit(2).toList();
        beyond.forEach(chunks::remove);
        return new RemoveChunksReply(
                beyond.size(), !chunks.tailMap(request.from(), true).isEmpty());
    }

    @Override
    public void confirm(ConfirmRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UpdateReply forward(ForwardRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UpdateBatchReply updateAll(UpdateBatchRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ReadReply read(ReadRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChunkListReply listChunks(ChunkListRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void syncTags(SyncTagsRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void syncDone(SyncDoneRequest request) {
        throw new UnsupportedOperationException();
    }
}
