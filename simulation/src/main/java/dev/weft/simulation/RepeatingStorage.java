package dev.weft.simulation;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkData;
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
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.SyncDoneRequest;
import dev.weft.api.storage.SyncTagsRequest;
import dev.weft.api.storage.TakenReply;
import dev.weft.api.storage.TakenRequest;
import dev.weft.api.storage.UpdateBatchReply;
import dev.weft.api.storage.UpdateBatchRequest;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A storage service as another process reaches it, over a network that delivers some requests a second time, late; and, if
 * the process is a client, one that does not believe every answer and asks for the same change again much later, by the
 * routing of then.
 */
final class RepeatingStorage implements StorageService {
    /** Less than what the final checks wait for, for what is still on its way. */
    private static final Duration LATE_MAX = Duration.ofSeconds(12);

    private static final int MILLION = 1_000_000;

    private final World world;
    private final Environment environment;
    private final StorageService service;

    /** Null if the process is no client. */
    private final @Nullable Client client;

    RepeatingStorage(World world, Environment environment, StorageService service, @Nullable Client client) {
        this.world = world;
        this.environment = environment;
        this.service = service;
        this.client = client;
    }

    /** What a client needs to ask again. */
    record Client(RoutingFollower follower, Function<NodeInfo, StorageService> nodes) {}

    /** A call whose outcome nobody waits for. */
    @FunctionalInterface
    private interface Call {
        void make() throws StorageException;
    }

    private boolean chance() {
        return world.working && environment.random().nextInt(MILLION) < world.repeatedPerMillion;
    }

    private void late(String what, Duration after, Call call) {
        environment
                .threads()
                .newThread(() -> {
                    try {
                        environment.clock().sleep(after);
                        world.coverage().count(what);
                        call.make();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (StorageException | RpcException e) {
                        world.coverage().count(what + "-refused");
                    }
                })
                .start();
    }

    private Duration delay() {
        return Duration.ofNanos(environment.random().nextLong(LATE_MAX.toNanos()));
    }

    @Override
    public UpdateReply update(UpdateRequest request) throws StorageException {
        if (chance()) {
            UpdateRequest copy = copy(request);
            Duration after = delay();
            Client again = client;
            if (again == null || environment.random().nextBoolean()) {
                late("repeated.update", after, () -> service.update(copy));
            } else {
                late("repeated.retry", after, () -> retry(again, copy, after));
            }
        }
        return service.update(request);
    }

    private static void retry(Client client, UpdateRequest request, Duration age) throws StorageException {
        Routing routing = client.follower().current();
        Chain chain = routing.chain(request.chain().chainId()).orElse(null);
        NodeInfo head = routing.head(request.chain().chainId())
                .flatMap(target -> routing.node(target.nodeId()))
                .orElse(null);
        if (chain != null && head != null) {
            ChainRef ref = new ChainRef(chain.chainId(), chain.version());
            client.nodes()
                    .apply(head)
                    .update(new UpdateRequest(
                            ref,
                            request.chunk(),
                            request.tag(),
                            request.operation(),
                            request.age().plus(age)));
        }
    }

    @Override
    public UpdateReply forward(ForwardRequest request) throws StorageException {
        if (chance()) {
            ForwardRequest copy = new ForwardRequest(
                    request.targetId(),
                    copy(request.update()),
                    request.version(),
                    request.follows(),
                    request.replace(),
                    request.ahead());
            late("repeated.forward", delay(), () -> service.forward(copy));
        }
        return service.forward(request);
    }

    @Override
    public void confirm(ConfirmRequest request) {
        if (chance()) {
            late("repeated.confirm", delay(), () -> service.confirm(request));
        }
        service.confirm(request);
    }

    @Override
    public void syncTags(SyncTagsRequest request) throws StorageException {
        if (chance()) {
            late("repeated.sync-tags", delay(), () -> service.syncTags(request));
        }
        service.syncTags(request);
    }

    @Override
    public void syncDone(SyncDoneRequest request) throws StorageException {
        if (chance()) {
            late("repeated.sync-done", delay(), () -> service.syncDone(request));
        }
        service.syncDone(request);
    }

    /** With the bytes, as their buffer is used for something else by then. */
    private static UpdateRequest copy(UpdateRequest request) {
        if (request.operation() instanceof ChunkOperation.Write write
                && write.data() instanceof ChunkData.Inline(MemorySegment bytes)) {
            ChunkData kept = new ChunkData.Inline(MemorySegment.ofArray(bytes.toArray(ValueLayout.JAVA_BYTE)));
            ChunkOperation operation =
                    new ChunkOperation.Write(write.chunkSize(), write.offset(), write.length(), write.checksum(), kept);
            return new UpdateRequest(request.chain(), request.chunk(), request.tag(), operation, request.age());
        }
        return request;
    }

    @Override
    public UpdateBatchReply updateAll(UpdateBatchRequest request) {
        return service.updateAll(request);
    }

    @Override
    public ReadReply read(ReadRequest request) {
        return service.read(request);
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
}
