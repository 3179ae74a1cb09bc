package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.LinkRequest;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.api.meta.StatRequest;
import dev.weft.api.meta.SymlinkRequest;
import dev.weft.api.meta.TruncateRequest;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Keys;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;

/** A server on an engine, reached over some transport, with fake storage. The collector runs when a test says so. */
abstract class MetaFixture {
    static final UUID CLIENT = new UUID(0, 1);
    static final Credentials ROOT = new Credentials(CLIENT, 0, 0, List.of());

    final FakeChunkStore chunks = new FakeChunkStore();
    final MetaConfig config = MetaConfig.defaults().withCollectInterval(Duration.ofHours(1));
    volatile Routing routing = withChains(6);
    KeyValueStore store;
    MetaServer server;

    /** The server as a client reaches it. */
    MetaService meta;

    Collector collector;

    /** For whom the methods below ask. */
    Credentials caller = ROOT;

    abstract KeyValueStore open() throws IOException;

    /** Makes a server one that clients can reach. */
    MetaService reach(MetaServer served) {
        return served;
    }

    /** Undoes {@link #reach}. */
    void hangUp() {}

    @BeforeEach
    final void start() throws IOException, InterruptedException {
        store = open();
        Environment environment = Environment.system();
        server = new MetaServer(config, environment, store, () -> routing, Membership.alone(), chunks);
        meta = reach(server);
        SchemaVersion.prepare(store, environment.clock().instant());
        collector = collectorOf(0, () -> Routing.UNKNOWN);
    }

    @AfterEach
    final void stop() {
        hangUp();
        store.close();
    }

    static Routing withChains(int count) {
        List<Chain> chains = IntStream.rangeClosed(1, count)
                .mapToObj(id -> new Chain(id, 1, List.of(new ChainTarget(id, 1, PublicState.SERVING))))
                .toList();
        return Routing.of(new RoutingInfo(1, List.of(), chains));
    }

    /** Metadata servers, of which some are alive. */
    static Routing withServers(Map<Integer, Boolean> servers) {
        List<NodeInfo> nodes = servers.entrySet().stream()
                .map(server -> new NodeInfo(server.getKey(), NodeRole.META, List.of("mem://m"), server.getValue()))
                .toList();
        return Routing.of(new RoutingInfo(1, nodes, List.of()));
    }

    /** The collector of a server that knows of others. */
    final Collector collectorOf(int nodeId, Supplier<Routing> servers) {
        return collectorOf(config, nodeId, servers, new Counters());
    }

    final Collector collectorOf(MetaConfig itsConfig, int nodeId, Supplier<Routing> servers, Counters counters) {
        Division division = new Division(new Membership(nodeId, servers, Optional.empty()));
        return new Collector(itsConfig, Environment.system(), store, chunks, division, counters);
    }

    final OpenReply create(String path) throws MetaException {
        return meta.create(new CreateRequest(caller, PathAt.of(path), false, false, 0644, 0, 0, UUID.randomUUID()));
    }

    final Inode mkdir(String path) throws MetaException {
        return meta.mkdir(new MkdirRequest(caller, PathAt.of(path), false, 0755, UUID.randomUUID()));
    }

    final void rename(String from, String to) throws MetaException {
        meta.rename(new RenameRequest(
                caller, PathAt.of(from), PathAt.of(to), RenameRequest.Mode.REPLACE, UUID.randomUUID()));
    }

    final void remove(String path, RemoveRequest.Kind kind) throws MetaException {
        meta.remove(new RemoveRequest(caller, PathAt.of(path), kind, UUID.randomUUID()));
    }

    final Inode stat(String path) throws MetaException {
        return meta.stat(new StatRequest(caller, PathAt.of(path), true));
    }

    final Inode close(OpenReply opened, long writtenEnd) throws MetaException {
        return settle(opened, writtenEnd, true);
    }

    final Inode sync(OpenReply opened, long writtenEnd) throws MetaException {
        return settle(opened, writtenEnd, false);
    }

    private Inode settle(OpenReply opened, long writtenEnd, boolean close) throws MetaException {
        Inode inode = opened.inode();
        return meta.close(new CloseRequest(
                caller, inode.inodeId(), opened.session().orElseThrow(), writtenEnd, inode.truncations(), close));
    }

    final void symlink(String path, String target) throws MetaException {
        meta.symlink(new SymlinkRequest(caller, PathAt.of(path), target, UUID.randomUUID()));
    }

    final Inode link(String from, String to) throws MetaException {
        return meta.link(new LinkRequest(caller, PathAt.of(from), PathAt.of(to), UUID.randomUUID()));
    }

    final void rename(String from, String to, RenameRequest.Mode mode) throws MetaException {
        meta.rename(new RenameRequest(caller, PathAt.of(from), PathAt.of(to), mode, UUID.randomUUID()));
    }

    final Inode lstat(String path) throws MetaException {
        return meta.stat(new StatRequest(caller, PathAt.of(path), false));
    }

    final OpenReply open(String path, OpenRequest.Mode mode) throws MetaException {
        return meta.open(new OpenRequest(caller, PathAt.of(path), mode, false, UUID.randomUUID()));
    }

    final Inode chmod(String path, int permissions) throws MetaException {
        return meta.setAttributes(change(path).permissions(permissions).request());
    }

    final Inode chown(String path, int owner, int group) throws MetaException {
        return meta.setAttributes(change(path).owner(owner).group(group).request());
    }

    final AttributeChange change(String path) {
        return new AttributeChange(caller, PathAt.of(path));
    }

    final List<String> names(String path) throws MetaException {
        return meta.list(new ListRequest(caller, PathAt.of(path), "", 1000, true)).entries().stream()
                .map(DirectoryEntry::name)
                .toList();
    }

    static void assertFault(Kind kind, Executable action) {
        MetaException fault = assertThrows(MetaException.class, action);
        assertEquals(kind, fault.detail().kind(), fault.detail().message());
    }

    static Credentials user(int user, int group, Integer... groups) {
        return new Credentials(new UUID(0, user), user, group, List.of(groups));
    }

    /** Goes on as someone else. */
    final void as(Credentials other) {
        caller = other;
    }

    /** The ids of all inodes, with nothing left over of others. */
    final Set<Long> storedInodes() {
        Set<Long> ids = new HashSet<>();
        try (Transaction tx = store.begin()) {
            for (KeyValue found : tx.range(new KeyRange(Keys.inode(0), Keys.inode(Long.MAX_VALUE)), 10_000)) {
                ids.add(found.key().longAt(2));
            }
        }
        return ids;
    }

    /** One inode, but for when it was changed: moving it is a change. */
    static void assertSame(Inode expected, Inode actual) {
        assertEquals(expected.inodeId(), actual.inodeId());
        assertEquals(expected.modified(), actual.modified());
        assertEquals(expected.layout(), actual.layout());
    }

    final int stored(KeyRange range) {
        try (Transaction tx = store.begin()) {
            return tx.range(range, 10_000).size();
        }
    }

    final Inode truncate(String path, long length) throws MetaException {
        return meta.truncate(new TruncateRequest(caller, PathAt.of(path), length, UUID.randomUUID()));
    }

    /** A server on the same store whose next transaction is overtaken by {@code action}. */
    final MetaService overtakenBy(Executable action) {
        InterruptibleStore interruptible = new InterruptibleStore(store);
        MetaServer overtaken =
                new MetaServer(config, Environment.system(), interruptible, () -> routing, Membership.alone(), chunks);
        // Takes its first inode ids now: that is a transaction too, and not the one that is to be overtaken.
        assertFault(
                Kind.EXISTS,
                () -> overtaken.create(
                        new CreateRequest(ROOT, PathAt.of("/"), true, false, 0644, 0, 0, UUID.randomUUID())));
        interruptible.beforeNextCommit(() -> assertDoesNotThrow(action));
        return reach(overtaken);
    }
}
