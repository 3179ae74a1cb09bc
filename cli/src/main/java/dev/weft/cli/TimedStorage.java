package dev.weft.cli;

import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ConfirmRequest;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.LastChunkReply;
import dev.weft.api.storage.LastChunkRequest;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadReply;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.RemoveChunksReply;
import dev.weft.api.storage.RemoveChunksRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.SyncDoneRequest;
import dev.weft.api.storage.SyncTagsRequest;
import dev.weft.api.storage.TakenReply;
import dev.weft.api.storage.TakenRequest;
import dev.weft.api.storage.UpdateBatchReply;
import dev.weft.api.storage.UpdateBatchRequest;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.rpc.Clock;

/** Measures what a client asks of a storage service. */
record TimedStorage(StorageService service, Clock clock, Timings.Row writes, Timings.Row reads)
        implements StorageService {
    @Override
    public UpdateReply update(UpdateRequest request) throws StorageException {
        long start = clock.nanoTime();
        UpdateReply reply = service.update(request);
        long bytes = request.operation() instanceof ChunkOperation.Write write ? write.length() : 0;
        writes.add(clock.nanoTime() - start, bytes);
        return reply;
    }

    @Override
    public UpdateBatchReply updateAll(UpdateBatchRequest request) {
        return service.updateAll(request);
    }

    @Override
    public ReadReply read(ReadRequest request) {
        long start = clock.nanoTime();
        ReadReply reply = service.read(request);
        reads.add(
                clock.nanoTime() - start,
                request.pieces().stream().mapToLong(ReadPiece::length).sum());
        return reply;
    }

    @Override
    public UpdateReply forward(ForwardRequest request) throws StorageException {
        return service.forward(request);
    }

    @Override
    public void confirm(ConfirmRequest request) {
        service.confirm(request);
    }

    @Override
    public TakenReply taken(TakenRequest request) throws StorageException {
        return service.taken(request);
    }

    @Override
    public LastChunkReply lastChunk(LastChunkRequest request) throws StorageException {
        return service.lastChunk(request);
    }

    @Override
    public RemoveChunksReply removeChunks(RemoveChunksRequest request) throws StorageException {
        return service.removeChunks(request);
    }

    @Override
    public ChunkListReply listChunks(ChunkListRequest request) throws StorageException {
        return service.listChunks(request);
    }

    @Override
    public void syncTags(SyncTagsRequest request) throws StorageException {
        service.syncTags(request);
    }

    @Override
    public void syncDone(SyncDoneRequest request) throws StorageException {
        service.syncDone(request);
    }
}
