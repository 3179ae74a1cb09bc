package dev.weft.client;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches pieces from replicas: those on one node in one request, and from another replica if the first one fails.
 * Thread-safe.
 */
final class ChunkFetches {
    /** One for each other replica of the usual three. */
    private static final int ROUNDS_WITHOUT_PAUSE = 2;

    private final FileSystemConfig config;
    private final Environment environment;
    private final RoutingFollower follower;
    private final StorageNodes nodes;
    private final NodeHealth health;

    /** Spreads reads over replicas. */
    private final AtomicInteger turn = new AtomicInteger();

    ChunkFetches(FileSystemConfig config, Environment environment, RoutingFollower follower, StorageNodes nodes) {
        this.config = config;
        this.environment = environment;
        this.follower = follower;
        this.nodes = nodes;
        this.health = new NodeHealth(environment.clock());
    }

    /** Fills {@code into} with the pieces, each at its place; what does not exist reads as zeros. */
    void fetch(List<Striping.Piece> pieces, Buffer into, ReplicaChoice choice)
            throws IOException, InterruptedException {
        fetch(pieces, into, choice, (_, _) -> {});
    }

    /** The same, and tells what each piece's replica said of it once its bytes are there. */
    void fetch(
            List<Striping.Piece> pieces,
            Buffer into,
            ReplicaChoice choice,
            BiConsumer<Striping.Piece, ReadResult> delivered)
            throws IOException, InterruptedException {
        Attempts attempts = new Attempts(follower, environment, config.patience());
        List<Striping.Piece> missing = pieces;
        int first = turn.getAndIncrement();
        for (int round = 0; !missing.isEmpty(); round++) {
            Routing routing = follower.current();
            // A grant of its own, so that a server that is late cannot write into what another one has delivered.
            RemoteMemory memory = into.remote(RemoteMemory.Access.WRITE);
            Round outcome = new Round(routing, into.segment(), memory, choice, first + round, delivered);
            outcome.run(missing);
            missing = outcome.failed;
            StorageException failure = outcome.failure;
            boolean elsewhere = round < ROUNDS_WITHOUT_PAUSE && choice instanceof ReplicaChoice.Any;
            if (failure != null && !elsewhere) {
                attempts.pause(routing, "read of chunk " + missing.getFirst().chunk(), failure);
            }
        }
    }

    /** One attempt at several pieces. For one thread. */
    private final class Round {
        private final Routing routing;
        private final MemorySegment into;
        private final RemoteMemory memory;
        private final ReplicaChoice choice;
        private final int turn;
        private final BiConsumer<Striping.Piece, ReadResult> delivered;
        private final List<Striping.Piece> failed = new ArrayList<>();
        private @Nullable StorageException failure;

        Round(
                Routing routing,
                MemorySegment into,
                RemoteMemory memory,
                ReplicaChoice choice,
                int turn,
                BiConsumer<Striping.Piece, ReadResult> delivered) {
            this.routing = routing;
            this.into = into;
            this.memory = memory;
            this.choice = choice;
            this.turn = turn;
            this.delivered = delivered;
        }

        void run(List<Striping.Piece> pieces) throws IOException, InterruptedException {
            Map<Integer, List<Striping.Piece>> byNode = new LinkedHashMap<>();
            Map<Integer, List<ReadPiece>> requests = new LinkedHashMap<>();
            for (Striping.Piece piece : pieces) {
                Optional<ChainTarget> replica = replica(piece.chainId());
                if (replica.isEmpty()) {
                    fail(piece, StorageFault.Kind.NOT_SERVING, "no replica of chain " + piece.chainId() + " serves");
                    continue;
                }
                int node = replica.get().nodeId();
                byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(piece);
                requests.computeIfAbsent(node, _ -> new ArrayList<>()).add(request(piece, replica.get()));
            }
            for (Map.Entry<Integer, List<Striping.Piece>> entry : byNode.entrySet()) {
                List<ReadPiece> request = requests.getOrDefault(entry.getKey(), List.of());
                call(entry.getKey(), entry.getValue(), new ReadRequest(request));
            }
        }

        private Optional<ChainTarget> replica(int chainId) {
            List<ChainTarget> serving = routing.serving(chainId);
            return switch (choice) {
                case ReplicaChoice.Any() -> {
                    List<ChainTarget> good = serving.stream()
                            .filter(target -> health.isGood(target.nodeId()))
                            .toList();
                    List<ChainTarget> candidates = good.isEmpty() ? serving : good;
                    yield candidates.isEmpty()
                            ? Optional.empty()
                            : Optional.of(candidates.get(Math.floorMod(turn, candidates.size())));
                }
                case ReplicaChoice.Position(int position) ->
                    position < serving.size() ? Optional.of(serving.get(position)) : Optional.empty();
            };
        }

        private ReadPiece request(Striping.Piece piece, ChainTarget replica) {
            int version = routing.chain(piece.chainId()).map(Chain::version).orElse(0);
            return new ReadPiece(
                    new ChainRef(piece.chainId(), version),
                    replica.targetId(),
                    piece.chunk(),
                    piece.offset(),
                    piece.length(),
                    Optional.of(memory.slice(piece.from(), piece.length())));
        }

        private void call(int nodeId, List<Striping.Piece> pieces, ReadRequest request)
                throws IOException, InterruptedException {
            NodeInfo node = routing.node(nodeId).orElse(null);
            if (node == null) {
                for (Striping.Piece piece : pieces) {
                    fail(piece, StorageFault.Kind.NOT_SERVING, "node " + nodeId + " is not in " + routing);
                }
                return;
            }
            try {
                List<ReadResult> results = Context.current()
                        .withTimeout(config.callTimeout(), environment.clock())
                        .call(() -> nodes.storage(node).read(request))
                        .results();
                for (int i = 0; i < pieces.size(); i++) {
                    take(pieces.get(i), i < results.size() ? results.get(i) : new ReadResult.NotFound());
                }
            } catch (RpcException e) {
                if (!Attempts.mayPass(e)) {
                    throw Attempts.describe("read of chunk " + pieces.getFirst().chunk(), e);
                }
                health.failed(nodeId);
                for (Striping.Piece piece : pieces) {
                    fail(piece, StorageFault.Kind.NOT_SERVING, String.valueOf(e.getMessage()));
                }
            }
        }

        private void take(Striping.Piece piece, ReadResult result) throws IOException {
            MemorySegment part = into.asSlice(piece.from(), piece.length());
            switch (result) {
                case ReadResult.NotFound() -> {
                    part.fill((byte) 0);
                    delivered.accept(piece, result);
                }
                case ReadResult.Found found -> {
                    if (found.length() < 0 || found.length() > piece.length()) {
                        fail(piece, StorageFault.Kind.INVALID, "a server answered with " + found.length() + " bytes");
                        return;
                    }
                    MemorySegment bytes = part.asSlice(0, found.length());
                    if (Checksums.of(bytes) != found.checksum()) {
                        fail(piece, StorageFault.Kind.CHECKSUM_MISMATCH, "bytes were damaged on the way");
                        return;
                    }
                    part.asSlice(found.length()).fill((byte) 0);
                    delivered.accept(piece, result);
                }
                case ReadResult.Failed(StorageFault fault) -> {
                    StorageException failed = new StorageException(fault);
                    if (!Attempts.mayPass(fault)) {
                        throw new IOException("read of chunk " + piece.chunk() + " failed: " + fault.message(), failed);
                    }
                    failed(piece, failed);
                }
            }
        }

        private void fail(Striping.Piece piece, StorageFault.Kind kind, String message) {
            failed(piece, new StorageException(new StorageFault(kind, 0, message)));
        }

        private void failed(Striping.Piece piece, StorageException why) {
            failed.add(piece);
            failure = why;
        }
    }
}
