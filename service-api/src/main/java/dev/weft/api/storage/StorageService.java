package dev.weft.api.storage;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.OneWay;
import dev.weft.rpc.RpcService;

/** Chunks on chains of targets: write all, read any (CRAQ). */
@RpcService
public interface StorageService {
    /** Applies a change at the head and, through the chain, at every replica; returns when all have committed it. */
    @Idempotent
    UpdateReply update(UpdateRequest request) throws StorageException;

    /** Applies changes of different chunks, several at a time; each succeeds or fails by itself, and is retried by itself. */
    @Idempotent
    UpdateBatchReply updateAll(UpdateBatchRequest request);

    /** Applies a change that the predecessor has applied, or is applying. Between storage services only. */
    @Idempotent
    UpdateReply forward(ForwardRequest request) throws StorageException;

    /** Lets a change that was forwarded ahead go on. Between storage services only. */
    @OneWay
    void confirm(ConfirmRequest request);

    /** Reads committed bytes, or pending ones where the request allows it; each piece succeeds or fails by itself. */
    @Idempotent
    ReadReply read(ReadRequest request);

    /**
     * Whether the last target of a chain has taken a change, which decides whether those before it, where it is
     * pending still, show it to readers. Between storage services only.
     */
    @Idempotent
    TakenReply taken(TakenRequest request) throws StorageException;

    /** The last chunk of a file on a chain: what its length follows from. */
    @Idempotent
    LastChunkReply lastChunk(LastChunkRequest request) throws StorageException;

    /** Removes a file's chunks. */
    @Idempotent
    RemoveChunksReply removeChunks(RemoveChunksRequest request) throws StorageException;

    /** What a target has, page by page. The target may be serving or being filled. */
    @Idempotent
    ChunkListReply listChunks(ChunkListRequest request) throws StorageException;

    /** Takes over a predecessor's record of applied writes. Between storage services only. */
    @Idempotent
    void syncTags(SyncTagsRequest request) throws StorageException;

    /** Ends the filling of a target: it now has all committed data. Between storage services only. */
    @Idempotent
    void syncDone(SyncDoneRequest request) throws StorageException;
}
