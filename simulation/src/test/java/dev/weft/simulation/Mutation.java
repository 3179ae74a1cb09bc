package dev.weft.simulation;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkListReply;
import dev.weft.api.storage.ChunkListRequest;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.api.storage.StorageService;
import dev.weft.api.storage.SyncDoneRequest;
import dev.weft.api.storage.TakenReply;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.WriteTag;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.storage.engine.Change;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.Disk;
import dev.weft.storage.engine.DiskFile;
import dev.weft.storage.engine.DiskIndex;
import dev.weft.storage.engine.WriteId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** A way to get the protocol wrong. */
enum Mutation implements Parts {
    /** What is written to files is not forced before it is acknowledged. */
    DATA_NOT_FORCED {
        @Override
        public Disk disk(Disk disk) {
            return Around.method(
                    Disk.class,
                    disk,
                    "file",
                    (arguments, proceed) -> Around.method(
                            DiskFile.class, proceed.get(DiskFile.class, arguments), "force", (_, _) -> null));
        }
    },

    /** The index is not forced before a change is acknowledged. */
    INDEX_NOT_FORCED {
        @Override
        public Disk disk(Disk disk) {
            DiskIndex index = Around.method(
                    DiskIndex.class, disk.index(), "write", (arguments, proceed) -> proceed.with(arguments[0], false));
            return Around.method(Disk.class, disk, "index", (_, _) -> index);
        }
    },

    /** A retry is not recognized. */
    RETRY_APPLIED_AGAIN {
        @Override
        public ChunkEngine engine(ChunkEngine engine) {
            return Around.method(ChunkEngine.class, engine, "applied", (_, _) -> Optional.empty());
        }
    },

    /** Readers see what is pending, wherever it is. */
    PENDING_READ {
        @Override
        public ChunkEngine engine(ChunkEngine engine) {
            return Around.method(ChunkEngine.class, engine, "openCommitted", (arguments, proceed) -> {
                Object pending = engine.openPending((ChunkKey) arguments[0]);
                return pending != null ? pending : proceed.with(arguments);
            });
        }
    },

    /** Each replica goes by its own commit. */
    TAIL_NOT_ASKED {
        @Override
        public StorageService peer(StorageService peer) {
            return Around.method(StorageService.class, peer, "taken", (_, _) -> new TakenReply(false));
        }
    },

    /** A node serves on although the cluster manager has not heard of it for long. */
    LEASE_NEVER_ENDS {
        @Override
        public ClusterManager manager(ClusterManager manager) {
            return Around.method(ClusterManager.class, manager, "heartbeat", (arguments, proceed) -> {
                HeartbeatReply reply = proceed.get(HeartbeatReply.class, arguments);
                return new HeartbeatReply(Duration.ofHours(1), reply.routing());
            });
        }
    },

    /** Who is filled keeps what was removed while it was away. */
    REMOVED_CHUNKS_KEPT {
        @Override
        public StorageService peer(StorageService peer) {
            return Around.method(
                    StorageService.class, peer, "listChunks", (_, _) -> new ChunkListReply(List.of(), false));
        }
    },

    /** A target is taken for complete when its filling begins. */
    FILLED_TOO_EARLY {
        @Override
        public StorageService peer(StorageService peer) {
            return Around.method(StorageService.class, peer, "listChunks", (arguments, proceed) -> {
                ChunkListRequest request = (ChunkListRequest) arguments[0];
                peer.syncDone(new SyncDoneRequest(request.chain(), request.targetId(), 0));
                return proceed.with(arguments);
            });
        }
    },

    /** A client's retry has a new tag. */
    NEW_TAG_FOR_RETRY {
        private static final int LANES = 64;

        @Override
        public StorageService reached(StorageService service) {
            return Around.method(StorageService.class, service, "update", (arguments, proceed) -> {
                UpdateRequest request = (UpdateRequest) arguments[0];
                WriteTag tag = request.tag();
                // Made of where the memory is: each attempt grants it anew.
                int lane = tag.channel()
                        + LANES * (1 + Math.abs(request.operation().hashCode() % 1000));
                WriteTag other = new WriteTag(tag.client(), lane, tag.sequence());
                return proceed.with(new UpdateRequest(request.chain(), request.chunk(), other, request.operation()));
            });
        }
    },

    /** A change is committed before the successor has it. */
    COMMITTED_BEFORE_FORWARDED {
        @Override
        public ChunkEngine engine(ChunkEngine engine) {
            ChunkEngine lenient = Around.method(
                    ChunkEngine.class,
                    engine,
                    "commit",
                    (arguments, proceed) -> engine.find((ChunkKey) arguments[0])
                                    .flatMap(info -> info.pending())
                                    .isPresent()
                            ? proceed.with(arguments)
                            : engine.find((ChunkKey) arguments[0])
                                    .flatMap(info -> info.committed())
                                    .orElse(new ChunkVersion(
                                            (Long) arguments[1], 0, 0, new WriteId(new UUID(0, 0), 0, 0), true)));
            return Around.method(ChunkEngine.class, lenient, "apply", (arguments, proceed) -> {
                ChunkVersion pending = proceed.get(ChunkVersion.class, arguments);
                if (arguments[2] instanceof Change.Write) {
                    engine.commit((ChunkKey) arguments[0], pending.number());
                }
                return pending;
            });
        }
    },

    /** A chunk that is created again begins with the versions that it had before. */
    VERSIONS_BEGIN_AGAIN {
        @Override
        public ChunkEngine engine(ChunkEngine engine) {
            return Around.method(ChunkEngine.class, engine, "versionFloor", (_, _) -> 0L);
        }
    },

    /** What was forwarded ahead is committed before its predecessor has it durable. */
    CONFIRMATION_NOT_AWAITED {
        @Override
        public StorageService peer(StorageService peer) {
            return Around.method(StorageService.class, peer, "forward", (arguments, proceed) -> {
                ForwardRequest ahead = (ForwardRequest) arguments[0];
                return proceed.with(new ForwardRequest(
                        ahead.targetId(), ahead.update(), ahead.version(), ahead.follows(), ahead.replace(), false));
            });
        }
    },

    /** The successor does not hear of removals. */
    REMOVAL_NOT_FORWARDED {
        @Override
        public StorageService peer(StorageService peer) {
            return Around.method(StorageService.class, peer, "forward", (arguments, proceed) -> {
                UpdateRequest update = ((ForwardRequest) arguments[0]).update();
                return update.operation() instanceof ChunkOperation.Remove
                        ? new UpdateReply(0, 0, 0, update.chain().version())
                        : proceed.with(arguments);
            });
        }
    },

    /** A duplicate of an old change that comes late is made again. */
    LATE_DUPLICATE_APPLIED {
        @Override
        public ChunkEngine engine(ChunkEngine engine) {
            return Around.method(
                    ChunkEngine.class,
                    engine,
                    "applied",
                    (arguments, _) -> engine.applied((Long) arguments[0], (WriteId) arguments[1])
                            .filter(last -> last.writer().sequence() <= ((WriteId) arguments[1]).sequence()));
        }
    },

    /** What comes from a predecessor is taken whatever version of the chain it was sent by. */
    CHAIN_VERSION_NOT_CHECKED {
        @Override
        public StorageService served(StorageService service) {
            return Around.method(StorageService.class, service, "forward", (arguments, proceed) -> {
                try {
                    return proceed.with(arguments);
                } catch (StorageException e) {
                    ForwardRequest request = (ForwardRequest) arguments[0];
                    UpdateRequest update = request.update();
                    if (e.detail().kind() != StorageFault.Kind.WRONG_CHAIN_VERSION
                            || e.detail().chainVersion() < update.chain().version()) {
                        throw e;
                    }
                    ChainRef now =
                            new ChainRef(update.chain().chainId(), e.detail().chainVersion());
                    return proceed.with(new ForwardRequest(
                            request.targetId(),
                            new UpdateRequest(now, update.chunk(), update.tag(), update.operation(), update.age()),
                            request.version(),
                            request.follows(),
                            request.replace(),
                            false));
                }
            });
        }
    },

    /** Who is filled does not learn which changes have been made. */
    TAGS_NOT_HANDED_OVER {
        @Override
        public StorageService peer(StorageService peer) {
            return Around.method(StorageService.class, peer, "syncTags", (_, _) -> null);
        }
    },

    /** What a change of the cluster map says of one chain is not stored, once. */
    ONE_CHAIN_NOT_STORED {
        private static final Bytes CHAINS = Bytes.ofUtf8("CC");

        @Override
        public KeyValueStore store(KeyValueStore store) {
            int[] left = {10};
            return Around.method(
                    KeyValueStore.class,
                    store,
                    "run",
                    (arguments, _) -> store.run(tx -> ((KeyValueStore.Body<?, ?>) arguments[0])
                            .run(Around.method(
                                    Transaction.class,
                                    tx,
                                    "put",
                                    (put, proceed) -> ((Bytes) Objects.requireNonNull(put[0])).startsWith(CHAINS)
                                                    && --left[0] == 0
                                            ? null
                                            : proceed.with(put)))));
        }
    },

    /** The manager takes a target that is being filled for complete as soon as it hears of it. */
    SYNCING_MADE_SERVING_EARLY {
        @Override
        public ClusterManager managing(ClusterManager manager) {
            return Around.method(ClusterManager.class, manager, "heartbeat", (arguments, proceed) -> {
                HeartbeatRequest request = (HeartbeatRequest) arguments[0];
                Set<Long> syncing = new TreeSet<>();
                manager.routing(new RoutingRequest(0, Duration.ZERO))
                        .routing()
                        .ifPresent(routing -> routing.chains()
                                .forEach(chain -> chain.targets().stream()
                                        .filter(target -> target.state() == PublicState.SYNCING)
                                        .forEach(target -> syncing.add(target.targetId()))));
                List<LocalTarget> targets = request.targets().stream()
                        .map(target -> syncing.contains(target.targetId()) && target.state() == LocalState.ONLINE
                                ? new LocalTarget(
                                        target.targetId(),
                                        LocalState.UP_TO_DATE,
                                        target.chainVersion(),
                                        target.usedBytes(),
                                        target.capacityBytes())
                                : target)
                        .toList();
                return proceed.with(new HeartbeatRequest(
                        request.nodeId(),
                        request.role(),
                        request.addresses(),
                        request.incarnation(),
                        request.sequence(),
                        request.routingVersion(),
                        targets,
                        request.clusterId(),
                        request.config()));
            });
        }
    }
}
