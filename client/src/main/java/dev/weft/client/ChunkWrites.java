package dev.weft.client;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkData;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Brings pieces to the heads of their chains, exactly once each, however often it takes. Thread-safe. */
final class ChunkWrites {
    private final FileSystemConfig config;
    private final Environment environment;
    private final RoutingFollower follower;
    private final StorageNodes nodes;
    private final Lanes lanes;

    ChunkWrites(
            FileSystemConfig config,
            Environment environment,
            RoutingFollower follower,
            StorageNodes nodes,
            Lanes lanes) {
        this.config = config;
        this.environment = environment;
        this.follower = follower;
        this.nodes = nodes;
        this.lanes = lanes;
    }

    /** Writes the first {@code piece.length()} bytes of the buffer; returns when all replicas have them. */
    UpdateReply write(Striping.Piece piece, int chunkSize, Buffer bytes) throws IOException, InterruptedException {
        return change("write", piece.chainId(), piece.chunk(), operation(piece, chunkSize, bytes));
    }

    /** What writes the first {@code piece.length()} bytes of the buffer, made anew for each attempt. */
    Supplier<ChunkOperation> operation(Striping.Piece piece, int chunkSize, Buffer bytes) {
        int checksum = Checksums.of(bytes.segment().asSlice(0, piece.length()));
        return () -> new ChunkOperation.Write(
                chunkSize, piece.offset(), piece.length(), checksum, data(piece.length(), bytes));
    }

    /**
     * Makes a change; returns when all replicas have it.
     *
     * @param operation is made anew for each attempt, as each names the memory to pull from
     */
    UpdateReply change(String what, int chainId, ChunkId chunk, Supplier<ChunkOperation> operation)
            throws IOException, InterruptedException {
        WriteTag tag = lanes.acquire();
        try {
            return attempt(what + " of chunk " + chunk, chainId, chunk, operation, tag);
        } finally {
            lanes.release(tag);
        }
    }

    private UpdateReply attempt(
            String what, int chainId, ChunkId chunk, Supplier<ChunkOperation> operation, WriteTag tag)
            throws IOException, InterruptedException {
        Attempts attempts = new Attempts(follower, environment, config.patience());
        long begin = environment.clock().nanoTime();
        while (true) {
            Routing routing = follower.current();
            try {
                Duration age = Duration.ofNanos(environment.clock().nanoTime() - begin);
                return update(routing, chainId, chunk, tag, operation.get(), age);
            } catch (StorageException e) {
                if (!Attempts.mayPass(e)) {
                    throw Attempts.describe(what, e);
                }
                attempts.pause(routing, what, e);
            } catch (RpcException e) {
                if (!Attempts.mayPass(e)) {
                    throw Attempts.describe(what, e);
                }
                attempts.pause(routing, what, e);
            }
        }
    }

    private ChunkData data(int length, Buffer bytes) {
        return length <= config.inlineBytesMax()
                ? new ChunkData.Inline(bytes.segment().asSlice(0, length))
                : new ChunkData.Remote(bytes.remote(RemoteMemory.Access.READ).slice(0, length));
    }

    private UpdateReply update(
            Routing routing, int chainId, ChunkId chunk, WriteTag tag, ChunkOperation operation, Duration age)
            throws StorageException {
        ChainTarget head = routing.head(chainId).orElseThrow(() -> noHead(chainId, routing));
        Chain chain = routing.chain(chainId).orElseThrow();
        NodeInfo node = routing.node(head.nodeId()).orElseThrow(() -> noHead(chainId, routing));
        UpdateRequest request =
                new UpdateRequest(new ChainRef(chain.chainId(), chain.version()), chunk, tag, operation, age);
        return Context.current()
                .withTimeout(config.callTimeout(), environment.clock())
                .call(() -> nodes.storage(node).update(request));
    }

    private static StorageException noHead(int chainId, Routing routing) {
        return new StorageException(new StorageFault(
                StorageFault.Kind.NOT_SERVING, 0, "chain " + chainId + " has no head that serves in " + routing));
    }
}
