package dev.weft.client;

import dev.weft.api.storage.ChunkData;
import dev.weft.api.storage.ChunkId;
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
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.RemoveChunksReply;
import dev.weft.api.storage.RemoveChunksRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.SyncDoneRequest;
import dev.weft.api.storage.SyncTagsRequest;
import dev.weft.api.storage.TakenReply;
import dev.weft.api.storage.TakenRequest;
import dev.weft.api.storage.UpdateBatchReply;
import dev.weft.api.storage.UpdateBatchRequest;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.UpdateResult;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A storage node that keeps chunks in a map, replicates at once to all nodes, and fails as often as it is told. */
final class FakeStorage implements StorageService {
    final ConcurrentLinkedQueue<WriteTag> tags = new ConcurrentLinkedQueue<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger batches = new AtomicInteger();

    /** Of the next batch, the change that is refused for now; none if negative. */
    final AtomicInteger changeToRefuse = new AtomicInteger(-1);

    /** Updates that fail from now on, before they are applied. */
    final AtomicInteger updatesToFail = new AtomicInteger();

    private final FakeCluster cluster;
    private final int node;
    private final Map<ChunkId, byte[]> chunks = new ConcurrentHashMap<>();

    volatile boolean down;
    volatile boolean damages;
    volatile boolean full;

    FakeStorage(FakeCluster cluster, int node) {
        this.cluster = cluster;
        this.node = node;
    }

    @Override
    public UpdateReply update(UpdateRequest request) throws StorageException {
        tags.add(request.tag());
        requireUp();
        if (full) {
            throw new StorageException(new StorageFault(Kind.NO_SPACE, 0, "disk is full"));
        }
        if (updatesToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new RpcException(StatusCode.CONNECTION_LOST, "told to fail");
        }
        if (request.chain().version() != cluster.version()) {
            throw new StorageException(new StorageFault(Kind.WRONG_CHAIN_VERSION, cluster.version(), "moved on"));
        }
        ChunkOperation.Write write = (ChunkOperation.Write) request.operation();
        byte[] bytes = switch (write.data()) {
            case ChunkData.Inline(MemorySegment inline) -> inline.toArray(ValueLayout.JAVA_BYTE);
            case ChunkData.Remote(RemoteMemory memory) ->
                pin(memory, RemoteMemory.Access.READ).toArray(ValueLayout.JAVA_BYTE);
            case ChunkData.None() -> new byte[0];
        };
        if (Checksums.of(MemorySegment.ofArray(bytes)) != write.checksum()) {
            throw new StorageException(new StorageFault(Kind.CHECKSUM_MISMATCH, 0, "damaged"));
        }
        byte[] old = chunks.getOrDefault(request.chunk(), new byte[0]);
        byte[] image = Arrays.copyOf(old, Math.max(old.length, write.offset() + bytes.length));
        System.arraycopy(bytes, 0, image, write.offset(), bytes.length);
        cluster.first.chunks.put(request.chunk(), image);
        cluster.second.chunks.put(request.chunk(), image);
        return new UpdateReply(1, image.length, 0, cluster.version());
    }

    private MemorySegment pin(RemoteMemory memory, RemoteMemory.Access access) {
        return switch (cluster.buffers.registry().pin(memory, access)) {
            case PinResult.Pinned(var pin) -> {
                // Held for a moment only: the test's client does not take the buffer back meanwhile.
                pin.close();
                yield pin.memory();
            }
            case PinResult.Refused(String reason) -> throw new RpcException(StatusCode.REMOTE_MEMORY_REFUSED, reason);
        };
    }

    @Override
    public UpdateBatchReply updateAll(UpdateBatchRequest request) {
        batches.incrementAndGet();
        List<UpdateResult> results = new ArrayList<>();
        int refused = changeToRefuse.getAndSet(-1);
        for (UpdateRequest each : request.updates()) {
            if (results.size() == refused) {
                tags.add(each.tag());
                results.add(new UpdateResult.Failed(new StorageFault(Kind.IN_PROGRESS, 0, "told to refuse")));
                continue;
            }
            try {
                results.add(new UpdateResult.Done(update(each)));
            } catch (StorageException e) {
                results.add(new UpdateResult.Failed(e.detail()));
            }
        }
        return new UpdateBatchReply(results);
    }

    @Override
    public ReadReply read(ReadRequest request) {
        reads.incrementAndGet();
        requireUp();
        List<ReadResult> results = new ArrayList<>();
        for (ReadPiece piece : request.pieces()) {
            byte[] chunk = chunks.get(piece.chunk());
            if (chunk == null) {
                results.add(new ReadResult.NotFound());
                continue;
            }
            int length = Math.clamp((long) chunk.length - piece.offset(), 0, piece.length());
            MemorySegment part = MemorySegment.ofArray(chunk).asSlice(piece.offset(), length);
            MemorySegment into = pin(piece.into().orElseThrow(), RemoteMemory.Access.WRITE);
            MemorySegment.copy(part, 0, into, 0, length);
            if (damages) {
                into.set(ValueLayout.JAVA_BYTE, 0, (byte) ~into.get(ValueLayout.JAVA_BYTE, 0));
            }
            results.add(new ReadResult.Found(1, chunk.length, length, Checksums.of(part), MemorySegment.NULL));
        }
        return new ReadReply(results);
    }

    private void requireUp() {
        if (down) {
            throw new RpcException(StatusCode.UNAVAILABLE, "node " + node + " is down");
        }
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
    public TakenReply taken(TakenRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LastChunkReply lastChunk(LastChunkRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RemoveChunksReply removeChunks(RemoveChunksRequest request) {
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
