package dev.weft.storage;

import dev.weft.api.storage.AppliedWrite;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ConfirmRequest;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.LastChunkReply;
import dev.weft.api.storage.LastChunkRequest;
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
import dev.weft.storage.engine.Applied;
import dev.weft.storage.engine.ChunkEngine;
import java.io.IOException;

/** The service as others call it. */
final class LocalStorage implements StorageService {
    private final Targets targets;
    private final ChunkEngine engine;
    private final ChainWriter writer;
    private final BatchWriter batches;
    private final ChunkReads reads;
    private final ChunkRemoval removal;
    private final Visibility visibility;
    private final Confirmations confirmations;
    private final Runnable stateChanged;

    /** @param stateChanged is run when a target's state has changed, so that the cluster manager hears of it soon */
    LocalStorage(
            Targets targets,
            ChunkEngine engine,
            ChainWriter writer,
            BatchWriter batches,
            ChunkReads reads,
            ChunkRemoval removal,
            Visibility visibility,
            Confirmations confirmations,
            Runnable stateChanged) {
        this.targets = targets;
        this.engine = engine;
        this.writer = writer;
        this.batches = batches;
        this.reads = reads;
        this.removal = removal;
        this.visibility = visibility;
        this.confirmations = confirmations;
        this.stateChanged = stateChanged;
    }

    @Override
    public UpdateReply update(UpdateRequest request) throws StorageException {
        return writer.update(request);
    }

    @Override
    public UpdateBatchReply updateAll(UpdateBatchRequest request) {
        return batches.update(request);
    }

    @Override
    public UpdateReply forward(ForwardRequest request) throws StorageException {
        return writer.forward(request);
    }

    @Override
    public void confirm(ConfirmRequest request) {
        confirmations.confirm(request);
    }

    @Override
    public ReadReply read(ReadRequest request) {
        return reads.read(request);
    }

    @Override
    public TakenReply taken(TakenRequest request) throws StorageException {
        return new TakenReply(visibility.taken(request));
    }

    @Override
    public LastChunkReply lastChunk(LastChunkRequest request) throws StorageException {
        return reads.last(request);
    }

    @Override
    public RemoveChunksReply removeChunks(RemoveChunksRequest request) throws StorageException {
        return removal.remove(request);
    }

    @Override
    public ChunkListReply listChunks(ChunkListRequest request) throws StorageException {
        return reads.list(request);
    }

    @Override
    public void syncTags(SyncTagsRequest request) throws StorageException {
        targets.writable(request.chain(), request.targetId());
        try {
            engine.putApplied(request.applied().stream()
                    .map(write -> applied(request.targetId(), write))
                    .toList());
        } catch (IOException e) {
            targets.diskFailed(e);
            throw Faults.of(e);
        }
    }

    private static Applied applied(long target, AppliedWrite write) {
        UpdateReply reply = write.reply();
        return new Applied(target, WriteTags.id(write.tag()), reply.version(), reply.length(), reply.checksum());
    }

    @Override
    public void syncDone(SyncDoneRequest request) throws StorageException {
        targets.writable(request.chain(), request.targetId());
        try {
            engine.raiseVersionFloor(request.targetId(), request.versionFloor());
        } catch (IOException e) {
            targets.diskFailed(e);
            throw Faults.of(e);
        }
        targets.synced(request.chain(), request.targetId());
        stateChanged.run();
    }
}
