package dev.weft.client;

import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Single chunks, without files around them: for tools and tests. What it does is what {@link WeftFileSystem} does to each
 * chunk of a file.
 *
 * <p>An {@link IOException} of a change says that its outcome is not known: it may have been made, or may still be, or not.
 * Thread-safe; calls block.
 */
public final class ChunkClient {
    private final BufferPool buffers;
    private final ChunkWrites writes;
    private final ChunkFetches fetches;

    /**
     * A client over stubs of the cluster's services.
     *
     * @param buffers the pool of the RPC client that the stubs call through
     * @param follower started; the caller closes it
     */
    public ChunkClient(
            FileSystemConfig config,
            Environment environment,
            BufferPool buffers,
            RoutingFollower follower,
            StorageNodes nodes) {
        this.buffers = buffers;
        this.writes = new ChunkWrites(config, environment, follower, nodes, new Lanes(environment));
        this.fetches = new ChunkFetches(config, environment, follower, nodes);
    }

    /** Puts bytes at {@code offset}; returns when all serving replicas have them. */
    public UpdateReply write(int chainId, ChunkId chunk, int chunkSize, int offset, byte[] bytes)
            throws IOException, InterruptedException {
        try (Buffer buffer = Memory.acquire(buffers, bytes.length)) {
            buffer.segment().copyFrom(MemorySegment.ofArray(bytes));
            return writes.write(new Striping.Piece(chunk, chainId, offset, bytes.length, 0), chunkSize, buffer);
        }
    }

    /** Makes the chunk exactly {@code length} bytes long. */
    public UpdateReply truncate(int chainId, ChunkId chunk, int chunkSize, int length)
            throws IOException, InterruptedException {
        return writes.change("truncation", chainId, chunk, () -> new ChunkOperation.Truncate(chunkSize, length));
    }

    public UpdateReply remove(int chainId, ChunkId chunk) throws IOException, InterruptedException {
        return writes.change("removal", chainId, chunk, ChunkOperation.Remove::new);
    }

    /** Reads up to {@code length} bytes from {@code offset} on. */
    public ReadResult read(int chainId, ChunkId chunk, int offset, int length, ReplicaChoice choice)
            throws IOException, InterruptedException {
        try (Buffer buffer = Memory.acquire(buffers, length)) {
            AtomicReference<ReadResult> answer = new AtomicReference<>(new ReadResult.NotFound());
            fetches.fetch(
                    List.of(new Striping.Piece(chunk, chainId, offset, length, 0)),
                    buffer,
                    choice,
                    (_, result) -> answer.set(result));
            return answer.get() instanceof ReadResult.Found found ? withBytes(found, buffer) : answer.get();
        }
    }

    private static ReadResult withBytes(ReadResult.Found found, Buffer buffer) {
        byte[] bytes = buffer.segment().asSlice(0, found.length()).toArray(ValueLayout.JAVA_BYTE);
        return new ReadResult.Found(
                found.version(), found.chunkLength(), found.length(), found.checksum(), MemorySegment.ofArray(bytes));
    }
}
