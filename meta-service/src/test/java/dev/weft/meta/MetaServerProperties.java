package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RealPathRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.api.meta.SpaceRequest;
import dev.weft.api.meta.StatRequest;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.StoredEntryCodec;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random operations on a small tree: one after the other against a model, and all at once against what must hold. */
final class MetaServerProperties {
    private static final MetaConfig CONFIG = MetaConfig.defaults().withCollectInterval(Duration.ofHours(1));

    /** A server on a new store, without a collector of its own. */
    private static MetaServer server(KeyValueStore store, ChunkStore chunks) throws InterruptedException {
        Environment environment = Environment.system();
        SchemaVersion.prepare(store, environment.clock().instant());
        return new MetaServer(CONFIG, environment, store, () -> MetaFixture.withChains(3), Membership.alone(), chunks);
    }

    private static KeyValueStore newStore() {
        return new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system());
    }

    @Property(tries = 100)
    void behavesAsATreeOfNames(@ForAll long seed) throws Exception {
        try (KeyValueStore store = newStore()) {
            TreeModel model = new TreeModel();
            FakeChunkStore chunks = new FakeChunkStore();
            MetaServer meta = server(store, chunks);
            RandomActor actor = new RandomActor(meta, new Random(seed), Optional.of(model));
            Collector collector = new Collector(
                    CONFIG, Environment.system(), store, chunks, new Division(Membership.alone()), new Counters());
            for (int i = 0; i < 250; i++) {
                actor.act();
                // What is in a removed tree counts as a name of its file until it is collected.
                collectAll(collector);
            }
            assertEquals(model.describe(), walk(meta));
        }
    }

    @Property(tries = 15)
    void concurrentOperationsLeaveATreeAndNothingElse(@ForAll long seed) throws Exception {
        try (KeyValueStore store = newStore();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            FakeChunkStore chunks = new FakeChunkStore();
            MetaServer meta = server(store, chunks);
            List<Future<?>> actors = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                RandomActor actor = new RandomActor(meta, new Random(seed + i), Optional.empty());
                actors.add(threads.submit(() -> {
                    for (int step = 0; step < 60; step++) {
                        actor.act();
                    }
                }));
            }
            for (Future<?> actor : actors) {
                actor.get();
            }
            closeAllSessions(store);
            Set<String> paths = paths(meta);
            Collector collector = new Collector(
                    CONFIG, Environment.system(), store, chunks, new Division(Membership.alone()), new Counters());
            while (collector.collectOnce()) {
                assertEquals(paths, paths(meta), "the collector touched what is in use");
            }
            SortedMap<String, String> tree = walk(meta);
            try (Transaction tx = store.begin()) {
                assertEquals(0, tx.range(KeyRange.prefix(Keys.GARBAGE), 1).size());
                assertEquals(namedInodes(tx), inodes(tx), "every inode has a name");
                SpaceRequest root = new SpaceRequest(MetaFixture.ROOT, PathAt.of("/"));
                assertEquals(inodes(tx).size() - 1, meta.space(root).inodes(), "all are counted, but not the root");
                KeyRange entries = new KeyRange(Keys.entry(0, ""), Keys.entry(Long.MAX_VALUE, ""));
                assertEquals(tree.size(), tx.range(entries, 10_000).size(), "every entry can be reached");
            }
        }
    }

    /** Directories are moved into each other from all sides: never may two renames make a loop that hangs in the air. */
    @Property(tries = 20)
    void concurrentRenamesMakeNoLoop(@ForAll long seed) throws Exception {
        try (KeyValueStore store = newStore();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            InterruptibleStore interruptible = new InterruptibleStore(store);
            // Lets another thread go on, so that transactions overlap.
            interruptible.beforeEveryCommit(Thread::yield);
            MetaServer meta = server(interruptible, new FakeChunkStore());
            List<PathAt> directories = new ArrayList<>();
            for (char name = 'a'; name < 'a' + 6; name++) {
                PathAt at = PathAt.of("/" + name);
                directories.add(
                        PathAt.inode(meta.mkdir(new MkdirRequest(MetaFixture.ROOT, at, false, 0755, UUID.randomUUID()))
                                .inodeId()));
            }
            List<Future<?>> movers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Random random = new Random(seed + i);
                movers.add(threads.submit(() -> {
                    for (int step = 0; step < 60; step++) {
                        moveIntoAnother(meta, directories, random);
                    }
                }));
            }
            for (Future<?> mover : movers) {
                mover.get();
            }
            assertEquals(7, walk(meta).size(), "every directory can be reached from the root");
        }
    }

    /** Finds a directory by its inode, wherever it is, and moves it into another one. */
    private static void moveIntoAnother(MetaServer meta, List<PathAt> directories, Random random) {
        PathAt moved = directories.get(random.nextInt(directories.size()));
        PathAt into = directories.get(random.nextInt(directories.size()));
        try {
            String from =
                    meta.realPath(new RealPathRequest(MetaFixture.ROOT, moved)).path();
            String name = from.substring(from.lastIndexOf('/') + 1);
            PathAt to = new PathAt(random.nextInt(3) == 0 ? Namespace.ROOT_ID : into.base(), name);
            meta.rename(new RenameRequest(
                    MetaFixture.ROOT,
                    PathAt.of(from),
                    to,
                    random.nextInt(4) == 0 ? RenameRequest.Mode.EXCHANGE : RenameRequest.Mode.NO_REPLACE,
                    UUID.randomUUID()));
        } catch (MetaException e) {
            // It is elsewhere by now, or would lie below itself.
        } catch (RpcException e) {
            assertEquals(StatusCode.ABORTED, e.code());
        }
    }

    private static void collectAll(Collector collector) throws InterruptedException {
        boolean progress = true;
        while (progress) {
            progress = collector.collectOnce();
        }
    }

    private static Set<Long> inodes(Transaction tx) {
        Set<Long> ids = new TreeSet<>();
        for (KeyValue found : tx.range(new KeyRange(Keys.inode(0), Keys.inode(Long.MAX_VALUE)), 10_000)) {
            ids.add(found.key().longAt(2));
        }
        return ids;
    }

    private static Set<Long> namedInodes(Transaction tx) {
        Set<Long> ids = new TreeSet<>();
        KeyRange entries = new KeyRange(Keys.entry(0, ""), Keys.entry(Long.MAX_VALUE, ""));
        for (KeyValue found : tx.range(entries, 10_000)) {
            ids.add(Records.decode(StoredEntryCodec.CODEC, found.value()).inodeId());
        }
        return ids;
    }

    private static void closeAllSessions(KeyValueStore store) throws InterruptedException {
        store.run(tx -> {
            tx.clear(KeyRange.prefix(Keys.SESSIONS));
            return 0;
        });
    }

    private static Set<String> paths(MetaServer meta) throws MetaException {
        SortedMap<String, String> found = new TreeMap<>();
        walk(meta, "", found, new TreeMap<>(), new TreeMap<>());
        return found.keySet();
    }

    /** What is at each path; on the way, that each directory knows where it is and each file how many names it has. */
    private static SortedMap<String, String> walk(MetaServer meta) throws MetaException {
        SortedMap<String, String> found = new TreeMap<>();
        Map<Long, Inode> files = new TreeMap<>();
        Map<Long, Integer> names = new TreeMap<>();
        found.put("", RandomActor.describe(meta.stat(new StatRequest(MetaFixture.ROOT, PathAt.of("/"), false))));
        walk(meta, "", found, files, names);
        files.forEach((inodeId, inode) -> assertEquals(names.get(inodeId), inode.links(), "names of " + inode));
        return found;
    }

    private static void walk(
            MetaServer meta,
            String path,
            SortedMap<String, String> found,
            Map<Long, Inode> files,
            Map<Long, Integer> names)
            throws MetaException {
        assertTrue(path.length() < 1000, "the tree has a loop");
        PathAt at = PathAt.of(path + "/");
        for (DirectoryEntry entry :
                meta.list(new ListRequest(MetaFixture.ROOT, at, "", 1000, true)).entries()) {
            String child = path + "/" + entry.name();
            found.put(child, RandomActor.describe(entry.inode()));
            if (entry.type() == FileType.DIRECTORY) {
                RealPathRequest request = new RealPathRequest(MetaFixture.ROOT, PathAt.inode(entry.inodeId()));
                assertEquals(child, meta.realPath(request).path());
                walk(meta, child, found, files, names);
            } else {
                files.put(entry.inodeId(), entry.inode());
                names.merge(entry.inodeId(), 1, Integer::sum);
            }
        }
    }
}
