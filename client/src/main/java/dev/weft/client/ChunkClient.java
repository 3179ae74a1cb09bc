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
import java.util.ArrayList;
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
    private final ChunkBatches batches;
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
        Lanes lanes = new Lanes(environment);
        this.writes = new ChunkWrites(config, environment, follower, nodes, lanes);
        this.batches = new ChunkBatches(config, environment, follower, nodes, lanes);
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

    /**
     * A write of one chunk among several.
     *
     * @param bytes are put at {@code offset}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
    public record Write(int chainId, ChunkId chunk, int chunkSize, int offset, byte[] bytes) {}

    /** Writes several chunks, with one call to each head; returns when all serving replicas have all of them. */
    public List<UpdateReply> writeAll(List<Write> writes) throws IOException, InterruptedException {
        List<ChunkBatches.Change> changes = new ArrayList<>(writes.size());
        List<Buffer> memory = new ArrayList<>(writes.size());
        try {
            for (Write write : writes) {
                Buffer buffer = Memory.acquire(buffers, write.bytes().length);
                memory.add(buffer);
                buffer.segment().copyFrom(MemorySegment.ofArray(write.bytes()));
                Striping.Piece piece =
                        new Striping.Piece(write.chunk(), write.chainId(), write.offset(), write.bytes().length, 0);
                changes.add(new ChunkBatches.Change(
                        write.chainId(),
                        write.chunk(),
                        piece.length(),
                        this.writes.operation(piece, write.chunkSize(), buffer)));
            }
            return batches.make(changes);
        } finally {
            memory.forEach(Buffer::close);
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
