package dev.weft.meta;

import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.BatchStatReply;
import dev.weft.api.meta.BatchStatRequest;
import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.ExtendedAttributes;
import dev.weft.api.meta.GetExtendedRequest;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.LinkRequest;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.LockDirectoryRequest;
import dev.weft.api.meta.LockFileReply;
import dev.weft.api.meta.LockFileRequest;
import dev.weft.api.meta.MetaCheck;
import dev.weft.api.meta.MetaException;
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
import dev.weft.api.storage.StorageService;
import dev.weft.kv.KeyValueStore;
import dev.weft.meta.operations.BatchStatOperation;
import dev.weft.meta.operations.CloseOperation;
import dev.weft.meta.operations.CreateOperation;
import dev.weft.meta.operations.GetExtendedOperation;
import dev.weft.meta.operations.InodeIds;
import dev.weft.meta.operations.Layouts;
import dev.weft.meta.operations.LinkOperation;
import dev.weft.meta.operations.ListOperation;
import dev.weft.meta.operations.LockDirectoryOperation;
import dev.weft.meta.operations.LockFileOperation;
import dev.weft.meta.operations.MkdirOperation;
import dev.weft.meta.operations.OpenOperation;
import dev.weft.meta.operations.PathHints;
import dev.weft.meta.operations.RealPathOperation;
import dev.weft.meta.operations.RemoveOperation;
import dev.weft.meta.operations.RenameOperation;
import dev.weft.meta.operations.RenewLocksOperation;
import dev.weft.meta.operations.SetAttributesOperation;
import dev.weft.meta.operations.SetExtendedOperation;
import dev.weft.meta.operations.SetLayoutOperation;
import dev.weft.meta.operations.SetQuotaOperation;
import dev.weft.meta.operations.Settlements;
import dev.weft.meta.operations.SpaceOperation;
import dev.weft.meta.operations.StatOperation;
import dev.weft.meta.operations.SymlinkOperation;
import dev.weft.meta.operations.TruncateOperation;
import dev.weft.meta.operations.Workplace;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A metadata server. It keeps nothing but the store's data: any number of servers may work on one store.
 *
 * <pre>{@code
 * var follower = new RoutingFollower(managerStub, environment);
 * var others = new Membership(nodeId, follower::current, Optional.of(() -> LiveClients.of(sessionsStub)));
 * var meta = new MetaServer(
 *         MetaConfig.defaults(), environment, store, follower, others, node -> storageStub(node.addresses()));
 * follower.start();
 * meta.start();
 * rpcServer.bind(MetaServiceRpc.SERVICE, meta);
 * }</pre>
 *
 * <p>Thread-safe; calls block for the store, and for storage where a length is settled. Beside the declared
 * {@link MetaException}, calls end in {@link RpcException}: ABORTED when others kept winning, RESOURCE_EXHAUSTED when the
 * store has too much to do, UNAVAILABLE when storage cannot be reached, CANCELLED when interrupted. Store and follower
 * stay the caller's to close.
 */
public final class MetaServer implements MetaService, AutoCloseable {
    private interface Work<R> {
        R run() throws MetaException, InterruptedException;
    }

    /** Of the background: what does not answer by then is tried again later, and does not hold up the rest. */
    private static final Duration BACKGROUND_PATIENCE = Duration.ofSeconds(2);

    private final KeyValueStore store;
    private final Environment environment;
    private final Workplace workplace;
    private final Counters counters = new Counters();
    private final Collector collector;
    private final DeadClients deadClients;
    private final Checks checks;

    /** @param storage gives a stub for the storage service on a node; stubs may be kept and shared */
    public MetaServer(
            MetaConfig config,
            Environment environment,
            KeyValueStore store,
            RoutingFollower routing,
            Membership membership,
            Function<NodeInfo, StorageService> storage) {
        this(
                config,
                environment,
                store,
                routing::current,
                membership,
                new RoutedChunkStore(routing, storage, environment, config.storagePatience()),
                new RoutedChunkStore(routing, storage, environment, BACKGROUND_PATIENCE));
    }

    /** A server with another way to storage. */
    public MetaServer(
            MetaConfig config,
            Environment environment,
            KeyValueStore store,
            Supplier<Routing> routing,
            Membership membership,
            ChunkStore chunks) {
        this(config, environment, store, routing, membership, chunks, chunks);
    }

    private MetaServer(
            MetaConfig config,
            Environment environment,
            KeyValueStore store,
            Supplier<Routing> routing,
            Membership membership,
            ChunkStore chunks,
            ChunkStore backgroundChunks) {
        this.store = store;
        this.environment = environment;
        InodeIds inodeIds = new InodeIds(store, config.inodeBlock());
        PathHints hints = new PathHints();
        Layouts layouts = new Layouts(routing, config, environment.random());
        Settlements settlements = new Settlements();
        this.workplace = new Workplace(config, environment, store, inodeIds, hints, layouts, chunks, settlements);
        Division division = new Division(membership);
        this.checks = new Checks(environment, store, chunks, inodeIds);
        this.collector = new Collector(config, environment, store, backgroundChunks, division, counters);
        Workplace background =
                new Workplace(config, environment, store, inodeIds, hints, layouts, backgroundChunks, settlements);
        this.deadClients = new DeadClients(background, membership, division, counters);
    }

    /**
     * Makes an empty file system of an empty store and begins to collect garbage, and to end the sessions of clients that
     * are gone.
     *
     * @throws IllegalStateException if the store has a schema that this version does not know
     */
    public void start() throws InterruptedException {
        SchemaVersion.prepare(store, environment.clock().instant());
        collector.start();
        deadClients.start();
    }

    /** Stops what goes on in the background. */
    @Override
    public void close() {
        checks.close();
        deadClients.close();
        collector.close();
    }

    /** Checks what it serves, while it is used; to be bound beside it. */
    public MetaCheck check() {
        return checks;
    }

    /** What it has done in the background, and what is left to do, by names that begin with {@code meta.}. */
    public SortedMap<String, Long> counters() {
        return counters.snapshot();
    }

    /** How many inodes are collected in a second at the most; zero for no limit. */
    public void setCollectRate(long rate) {
        collector.setRate(rate);
    }

    @Override
    public Inode stat(StatRequest request) throws MetaException {
        return run(() -> new StatOperation(workplace).run(request));
    }

    @Override
    public BatchStatReply batchStat(BatchStatRequest request) throws MetaException {
        return run(() -> new BatchStatOperation(workplace).run(request));
    }

    @Override
    public RealPathReply realPath(RealPathRequest request) throws MetaException {
        return run(() -> new RealPathOperation(workplace).run(request));
    }

    @Override
    public OpenReply create(CreateRequest request) throws MetaException {
        return run(() -> new CreateOperation(workplace).run(request));
    }

    @Override
    public OpenReply open(OpenRequest request) throws MetaException {
        return run(() -> new OpenOperation(workplace).run(request));
    }

    @Override
    public Inode close(CloseRequest request) throws MetaException {
        return run(() -> new CloseOperation(workplace).run(request));
    }

    @Override
    public Inode mkdir(MkdirRequest request) throws MetaException {
        return run(() -> new MkdirOperation(workplace).run(request));
    }

    @Override
    public ListReply list(ListRequest request) throws MetaException {
        return run(() -> new ListOperation(workplace).run(request));
    }

    @Override
    public Inode symlink(SymlinkRequest request) throws MetaException {
        return run(() -> new SymlinkOperation(workplace).run(request));
    }

    @Override
    public Inode link(LinkRequest request) throws MetaException {
        return run(() -> new LinkOperation(workplace).run(request));
    }

    @Override
    public Inode setAttributes(SetAttributesRequest request) throws MetaException {
        return run(() -> new SetAttributesOperation(workplace).run(request));
    }

    @Override
    public void rename(RenameRequest request) throws MetaException {
        run(() -> new RenameOperation(workplace).run(request));
    }

    @Override
    public void remove(RemoveRequest request) throws MetaException {
        run(() -> new RemoveOperation(workplace).run(request));
    }

    @Override
    public ExtendedAttributes getExtended(GetExtendedRequest request) throws MetaException {
        return run(() -> new GetExtendedOperation(workplace).run(request));
    }

    @Override
    public Inode setExtended(SetExtendedRequest request) throws MetaException {
        return run(() -> new SetExtendedOperation(workplace).run(request));
    }

    @Override
    public Space space(SpaceRequest request) throws MetaException {
        return run(() -> new SpaceOperation(workplace).run(request));
    }

    @Override
    public Space setQuota(SetQuotaRequest request) throws MetaException {
        return run(() -> new SetQuotaOperation(workplace).run(request));
    }

    @Override
    public Inode setLayout(SetLayoutRequest request) throws MetaException {
        return run(() -> new SetLayoutOperation(workplace).run(request));
    }

    @Override
    public Inode lockDirectory(LockDirectoryRequest request) throws MetaException {
        return run(() -> new LockDirectoryOperation(workplace).run(request));
    }

    @Override
    public LockFileReply lockFile(LockFileRequest request) throws MetaException {
        return run(() -> new LockFileOperation(workplace).run(request));
    }

    @Override
    public LockFileReply renewLocks(RenewLocksRequest request) throws MetaException {
        return run(() -> new RenewLocksOperation(workplace).run(request));
    }

    @Override
    public Inode truncate(TruncateRequest request) throws MetaException {
        return run(() -> new TruncateOperation(workplace).run(request));
    }

    private static <R> R run(Work<R> work) throws MetaException {
        try {
            return work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "interrupted", e);
        }
    }
}
