package dev.weft.meta;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.LastChunkReply;
import dev.weft.api.storage.LastChunkRequest;
import dev.weft.api.storage.RemoveChunksReply;
import dev.weft.api.storage.RemoveChunksRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskFailedException;
import dev.weft.rpc.TaskScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The chunks on the chains, found by routing; a call that fails is made again by newer routing, up to a deadline. */
final class RoutedChunkStore implements ChunkStore, ChunkInventory {
    /** Removed by one call: keeps the head from being busy with one file for long. */
    private static final int REMOVED_PER_CALL = 256;

    private static final int REMOVED_AT_FIRST = 8;

    /** Before the next try, unless newer routing comes earlier. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** A target to call, under the chain version by which it was found. */
    private record Peer(ChainRef chain, long targetId, StorageService service) {}

    private interface Call<R> {
        R on(Peer peer) throws StorageException;
    }

    private final RoutingFollower routing;
    private final Function<NodeInfo, StorageService> services;
    private final Environment environment;
    private final Duration patience;
    private final WriteTags tags;

    RoutedChunkStore(
            RoutingFollower routing,
            Function<NodeInfo, StorageService> services,
            Environment environment,
            Duration patience) {
        this.routing = routing;
        this.services = services;
        this.environment = environment;
        this.patience = patience;
        this.tags = new WriteTags(environment.random());
    }

    @Override
    public long length(long inodeId, Layout layout) throws MetaException, InterruptedException {
        List<Subtask<Long>> ends = new ArrayList<>();
        try (TaskScope scope = TaskScope.open(environment)) {
            for (int chainId : layout.chains()) {
                ends.add(scope.fork(() -> end(chainId, inodeId, layout.chunkSize())));
            }
            scope.join();
            return ends.stream().mapToLong(Subtask::get).max().orElse(0);
        } catch (TaskFailedException e) {
            switch (e.getCause()) {
                case MetaException refused -> throw refused;
                case RpcException failed -> throw failed;
                case null, default -> throw e;
            }
        }
    }

    /** One past the last byte that the file has on a chain. */
    private long end(int chainId, long inodeId, int chunkSize) throws MetaException, InterruptedException {
        LastChunkReply last = last(chainId, inodeId);
        return last.index() < 0 ? 0 : (long) last.index() * chunkSize + last.length();
    }

    private LastChunkReply last(int chainId, long inodeId) throws MetaException, InterruptedException {
        // The tail has nothing that is not committed everywhere.
        return call(
                chainId,
                List::getLast,
                peer -> peer.service().lastChunk(new LastChunkRequest(peer.chain(), peer.targetId(), inodeId)));
    }

    @Override
    public void truncate(long inodeId, Layout layout, long length) throws MetaException, InterruptedException {
        int chunks = Math.toIntExact(Math.ceilDiv(length, (long) layout.chunkSize()));
        for (int chainId : layout.chains()) {
            removeFrom(chainId, inodeId, chunks, Integer.MAX_VALUE);
        }
        if (chunks > 0) {
            int last = chunks - 1;
            int lastLength = (int) (length - (long) last * layout.chunkSize());
            int chainId = layout.chains().get(last % layout.chains().size());
            ChunkOperation cut = new ChunkOperation.Truncate(layout.chunkSize(), lastLength);
            WriteTag tag = tags.take();
            try {
                call(
                        chainId,
                        List::getFirst,
                        peer -> peer.service()
                                .update(new UpdateRequest(peer.chain(), new ChunkId(inodeId, last), tag, cut)));
            } finally {
                tags.giveBack(tag);
            }
        }
    }

    @Override
    public boolean remove(long inodeId, Layout layout, int limit) throws MetaException, InterruptedException {
        boolean all = true;
        for (int chainId : layout.chains()) {
            all &= removeFrom(chainId, inodeId, 0, limit);
        }
        return all;
    }

    /** Whether none is left. */
    private boolean removeFrom(int chainId, long inodeId, int from, int limit)
            throws MetaException, InterruptedException {
        // Most files have few chunks on a chain, and looking for many costs the chain's head more.
        int perCall = Math.min(REMOVED_AT_FIRST, limit);
        int removed = 0;
        while (removed < limit) {
            int most = perCall;
            RemoveChunksReply reply = call(
                    chainId,
                    List::getFirst,
                    peer -> peer.service().removeChunks(new RemoveChunksRequest(peer.chain(), inodeId, from, most)));
            if (!reply.more()) {
                return true;
            }
            removed += reply.removed();
            perCall = REMOVED_PER_CALL;
        }
        return false;
    }

    @Override
    public Optional<ChunkInventory> inventory() {
        return Optional.of(this);
    }

    @Override
    public List<Integer> chains() {
        return routing.current().chains().stream().map(Chain::chainId).toList();
    }

    @Override
    public ChunkListReply page(int chainId, Optional<ChunkId> after, int limit)
            throws MetaException, InterruptedException {
        return call(
                chainId,
                List::getLast,
                peer -> peer.service().listChunks(new ChunkListRequest(peer.chain(), peer.targetId(), after, limit)));
    }

    @Override
    public boolean has(int chainId, long inodeId) throws MetaException, InterruptedException {
        return last(chainId, inodeId).index() >= 0;
    }

    @Override
    public void remove(int chainId, long inodeId) throws MetaException, InterruptedException {
        removeFrom(chainId, inodeId, 0, Integer.MAX_VALUE);
    }

    /** Calls the target that {@code choice} takes of those that serve. */
    private <R> R call(int chainId, Function<List<ChainTarget>, ChainTarget> choice, Call<R> call)
            throws MetaException, InterruptedException {
        long deadline = environment.clock().nanoTime() + patience.toNanos();
        while (true) {
            Routing current = routing.current();
            RpcException failure;
            try {
                return call.on(peer(current, chainId, choice));
            } catch (StorageException e) {
                failure = toRepeat(e, chainId);
            } catch (RpcException e) {
                failure = e;
            }
            if (!mayRepeat(failure.code()) || deadline - environment.clock().nanoTime() <= 0) {
                throw failure;
            }
            routing.awaitNewerThan(current.version(), PAUSE);
        }
    }

    private static boolean mayRepeat(StatusCode code) {
        return switch (code.retry()) {
            case THIS_CALL, IF_IDEMPOTENT, HIGHER_LEVEL -> true;
            // Of the storage call, which has a shorter deadline than the patience here.
            case NEVER -> code == StatusCode.DEADLINE_EXCEEDED;
        };
    }

    private Peer peer(Routing current, int chainId, Function<List<ChainTarget>, ChainTarget> choice) {
        List<ChainTarget> serving = current.serving(chainId);
        if (serving.isEmpty()) {
            throw new RpcException(StatusCode.UNAVAILABLE, "chain " + chainId + " has no target that serves");
        }
        Chain chain = current.chain(chainId).orElseThrow();
        ChainTarget target = choice.apply(serving);
        NodeInfo node = current.node(target.nodeId())
                .orElseThrow(() ->
                        new RpcException(StatusCode.UNAVAILABLE, "node " + target.nodeId() + " is not in " + current));
        return new Peer(new ChainRef(chainId, chain.version()), target.targetId(), services.apply(node));
    }

    /** What to throw if repeating does not help in time; throws at once what repeating cannot help. */
    private static RpcException toRepeat(StorageException e, int chainId) throws MetaException {
        String message = "chain " + chainId + ": " + e.getMessage();
        return switch (e.detail().kind()) {
            case WRONG_CHAIN_VERSION, NOT_SERVING, IN_PROGRESS, VERSION_GAP, CHECKSUM_MISMATCH, DISK_ERROR ->
                new RpcException(StatusCode.UNAVAILABLE, message, e);
            case NO_SPACE -> throw new MetaException(new MetaFault(MetaFault.Kind.NO_SPACE, message));
            case STALE_SEQUENCE, INVALID -> throw new IllegalStateException(message, e);
        };
    }
}
