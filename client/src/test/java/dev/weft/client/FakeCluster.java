package dev.weft.client;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.BatchStatReply;
import dev.weft.api.meta.BatchStatRequest;
import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.ExtendedAttributes;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.GetExtendedRequest;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.LinkRequest;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.LockDirectoryRequest;
import dev.weft.api.meta.LockFileReply;
import dev.weft.api.meta.LockFileRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.RealPathReply;
import dev.weft.api.meta.RealPathRequest;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.api.meta.RenewLocksRequest;
import dev.weft.api.meta.SetAttributesRequest;
import dev.weft.api.meta.SetExtendedRequest;
import dev.weft.api.meta.SetLayoutRequest;
import dev.weft.api.meta.SetQuotaRequest;
import dev.weft.api.meta.Space;
import dev.weft.api.meta.SpaceRequest;
import dev.weft.api.meta.StatRequest;
import dev.weft.api.meta.SymlinkRequest;
import dev.weft.api.meta.TruncateRequest;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A manager, a metadata service and two storage nodes made of maps, each of which has both replicas' bytes. */
final class FakeCluster implements ClusterManager, AutoCloseable {
    static final int CHUNK_SIZE = 64 << 10;
    private static final List<Integer> CHAINS = List.of(1, 2);

    final BufferPool buffers = new BufferPool(BufferPoolConfig.defaults(), Environment.system());
    final FakeStorage first = new FakeStorage(this, 1);
    final FakeStorage second = new FakeStorage(this, 2);
    final FakeMeta meta = new FakeMeta();
    final RoutingFollower follower = new RoutingFollower(this, Environment.system());

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private RoutingInfo routing = routing(1);

    FakeCluster() {
        follower.start();
    }

    WeftFileSystem fileSystem(Duration patience) {
        FileSystemConfig config = new FileSystemConfig(1 << 20, 4, Duration.ofSeconds(5), patience, 1000);
        return new WeftFileSystem(
                config, Environment.system(), buffers, meta, follower, node -> node.nodeId() == 1 ? first : second);
    }

    ChunkClient chunks(Duration patience) {
        FileSystemConfig config = new FileSystemConfig(1 << 20, 4, Duration.ofSeconds(5), patience, 1000);
        return new ChunkClient(
                config, Environment.system(), buffers, follower, node -> node.nodeId() == 1 ? first : second);
    }

    /** Version of the routing and of both chains. */
    int version() {
        lock.lock();
        try {
            return (int) routing.version();
        } finally {
            lock.unlock();
        }
    }

    void bumpVersion() {
        lock.lock();
        try {
            routing = routing(routing.version() + 1);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static RoutingInfo routing(long version) {
        List<NodeInfo> nodes = new ArrayList<>();
        for (int node = 1; node <= 2; node++) {
            nodes.add(new NodeInfo(node, NodeRole.STORAGE, List.of(), true));
        }
        List<Chain> chains = CHAINS.stream()
                .map(chain -> new Chain(
                        chain,
                        (int) version,
                        List.of(
                                new ChainTarget(chain * 10L + 1, 1, PublicState.SERVING),
                                new ChainTarget(chain * 10L + 2, 2, PublicState.SERVING))))
                .toList();
        return new RoutingInfo(version, nodes, chains);
    }

    @Override
    public HeartbeatReply heartbeat(HeartbeatRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RoutingReply routing(RoutingRequest request) {
        lock.lock();
        try {
            long nanos = request.patience().toNanos();
            while (routing.version() <= request.knownVersion() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return new RoutingReply(
                    routing.version() > request.knownVersion() ? Optional.of(routing) : Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StatusReply status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        follower.close();
        buffers.close();
    }

    /** Files by path; directories do not exist. */
    static final class FakeMeta implements MetaService {
        /** Those that are open. */
        final Set<UUID> sessions = ConcurrentHashMap.newKeySet();

        private final Map<String, Inode> inodes = new ConcurrentHashMap<>();
        private final AtomicLong ids = new AtomicLong();

        /** Makes a file of a length whose chunks do not exist. */
        void addSparse(String path, long length) {
            inodes.put(path, inode(length));
        }

        private Inode inode(long length) {
            return new Inode(
                    ids.incrementAndGet(),
                    FileType.FILE,
                    0644,
                    0,
                    0,
                    1,
                    length,
                    0,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    Optional.of(new Layout(CHUNK_SIZE, CHAINS)),
                    Instant.EPOCH,
                    Instant.EPOCH,
                    Optional.empty());
        }

        @Override
        public Inode stat(StatRequest request) throws MetaException {
            return find(request.at().path());
        }

        private Inode find(String path) throws MetaException {
            Inode inode = inodes.get(path);
            if (inode == null) {
                throw new MetaException(new MetaFault(MetaFault.Kind.NOT_FOUND, path));
            }
            return inode;
        }

        @Override
        public OpenReply create(CreateRequest request) {
            Inode inode = inode(0);
            inodes.put(request.at().path(), inode);
            UUID session = new UUID(0, inode.inodeId());
            sessions.add(session);
            return new OpenReply(inode, Optional.of(session));
        }

        @Override
        public Inode close(CloseRequest request) {
            sessions.remove(request.session());
            for (Map.Entry<String, Inode> entry : inodes.entrySet()) {
                Inode old = entry.getValue();
                if (old.inodeId() == request.inodeId()) {
                    entry.setValue(new Inode(
                            old.inodeId(),
                            old.type(),
                            0644,
                            0,
                            0,
                            1,
                            request.writtenEnd(),
                            0,
                            old.created(),
                            old.modified(),
                            old.layout(),
                            old.accessed(),
                            old.changed(),
                            old.target()));
                }
            }
            return inode(request.writtenEnd());
        }

        @Override
        public OpenReply open(OpenRequest request) throws MetaException {
            return new OpenReply(find(request.at().path()), Optional.empty());
        }

        @Override
        public Inode mkdir(MkdirRequest request) throws MetaException {
            throw new MetaException(
                    new MetaFault(MetaFault.Kind.EXISTS, request.at().path()));
        }

        @Override
        public ListReply list(ListRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void rename(RenameRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(RemoveRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BatchStatReply batchStat(BatchStatRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RealPathReply realPath(RealPathRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Inode symlink(SymlinkRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Inode link(LinkRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Inode setAttributes(SetAttributesRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ExtendedAttributes getExtended(GetExtendedRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Inode setExtended(SetExtendedRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Space space(SpaceRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Space setQuota(SetQuotaRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Inode setLayout(SetLayoutRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Inode lockDirectory(LockDirectoryRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public LockFileReply lockFile(LockFileRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public LockFileReply renewLocks(RenewLocksRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Inode truncate(TruncateRequest request) {
            throw new UnsupportedOperationException();
        }
    }
}
