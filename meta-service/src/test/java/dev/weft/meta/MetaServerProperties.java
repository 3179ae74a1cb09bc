package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Keys;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random operations on a small tree: one after the other against a model, and all at once against what must hold. */
final class MetaServerProperties {
    private static final MetaConfig CONFIG = MetaConfig.defaults().withCollectInterval(Duration.ofHours(1));

    private static final List<RemoveRequest.Kind> KINDS = List.of(RemoveRequest.Kind.values());

    /** A server on a new store, without a collector of its own. */
    private static MetaServer server(KeyValueStore store, ChunkStore chunks) throws InterruptedException {
        Environment environment = Environment.system();
        SchemaVersion.prepare(store, environment.clock().instant());
        return new MetaServer(CONFIG, environment, store, () -> MetaFixture.withChains(3), chunks);
    }

    private static KeyValueStore newStore() {
        return new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system());
    }

    /** Does something at random, to the server and to the model if there is one. */
    private record Actor(MetaServer meta, Random random, Optional<TreeModel> model) {
        void act() {
            String path = path();
            switch (random.nextInt(7)) {
                case 0, 1 -> check(outcome(() -> create(path)), tree -> tree.create(path));
                case 2, 3 -> check(outcome(() -> mkdir(path)), tree -> tree.mkdir(path));
                case 4 -> {
                    RemoveRequest.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                    check(outcome(() -> remove(path, kind)), tree -> tree.remove(path, kind));
                }
                default -> {
                    String to = path();
                    check(outcome(() -> rename(path, to)), tree -> tree.rename(path, to));
                }
            }
        }

        private void check(Optional<Kind> actual, Function<TreeModel, Optional<Kind>> expected) {
            model.ifPresent(tree -> assertEquals(expected.apply(tree), actual));
        }

        private void create(String path) throws MetaException {
            meta.create(
                    new CreateRequest(MetaFixture.ROOT, PathAt.of(path), true, false, 0644, 0, 0, UUID.randomUUID()));
        }

        private void mkdir(String path) throws MetaException {
            meta.mkdir(new MkdirRequest(MetaFixture.ROOT, PathAt.of(path), false, 0755, UUID.randomUUID()));
        }

        private void remove(String path, RemoveRequest.Kind kind) throws MetaException {
            meta.remove(new RemoveRequest(MetaFixture.ROOT, PathAt.of(path), kind, UUID.randomUUID()));
        }

        private void rename(String from, String to) throws MetaException {
            meta.rename(new RenameRequest(
                    MetaFixture.ROOT, PathAt.of(from), PathAt.of(to), RenameRequest.Mode.REPLACE, UUID.randomUUID()));
        }

        private String path() {
            StringBuilder path = new StringBuilder();
            for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
                path.append('/').append((char) ('a' + random.nextInt(3)));
            }
            return path.toString();
        }
    }

    private interface Step {
        void run() throws MetaException;
    }

    private static Optional<Kind> outcome(Step step) {
        try {
            step.run();
            return Optional.empty();
        } catch (MetaException e) {
            return Optional.of(e.detail().kind());
        } catch (RpcException e) {
            // Too many others at the same place: nothing was done.
            assertEquals(StatusCode.ABORTED, e.code());
            return Optional.empty();
        }
    }

    @Property(tries = 100)
    void behavesAsATreeOfNames(@ForAll long seed) throws Exception {
        try (KeyValueStore store = newStore()) {
            TreeModel model = new TreeModel();
            FakeChunkStore chunks = new FakeChunkStore();
            MetaServer meta = server(store, chunks);
            Actor actor = new Actor(meta, new Random(seed), Optional.of(model));
            Collector collector = new Collector(CONFIG, Environment.system(), store, chunks);
            for (int i = 0; i < 150; i++) {
                actor.act();
                if (i % 50 == 0) {
                    collector.collectOnce();
                }
            }
            assertEquals(model.nodes, walk(meta, "", new TreeMap<>()));
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
                Actor actor = new Actor(meta, new Random(seed + i), Optional.empty());
                actors.add(threads.submit(() -> {
                    for (int step = 0; step < 60; step++) {
                        actor.act();
                    }
                }));
            }
            for (Future<?> actor : actors) {
                actor.get();
            }
            SortedMap<String, FileType> tree = walk(meta, "", new TreeMap<>());
            closeAllSessions(store);
            Collector collector = new Collector(CONFIG, Environment.system(), store, chunks);
            while (collector.collectOnce()) {
                assertEquals(tree, walk(meta, "", new TreeMap<>()), "the collector touched what is in use");
            }
            try (Transaction tx = store.begin()) {
                assertEquals(0, tx.range(KeyRange.prefix(Keys.GARBAGE), 1).size());
                assertEquals(tree.size() + 1, inodes(tx).size(), "every inode has a name, and there is the root");
                KeyRange entries = new KeyRange(Keys.entry(0, ""), Keys.entry(Long.MAX_VALUE, ""));
                assertEquals(tree.size() + 1, tx.range(entries, 10_000).size(), "every entry can be reached");
            }
        }
    }

    private static Set<Long> inodes(Transaction tx) {
        Set<Long> ids = new TreeSet<>();
        for (KeyValue found : tx.range(new KeyRange(Keys.inode(0), Keys.inode(Long.MAX_VALUE)), 10_000)) {
            ids.add(found.key().longAt(2));
        }
        return ids;
    }

    private static void closeAllSessions(KeyValueStore store) throws InterruptedException {
        store.run(tx -> {
            tx.clear(KeyRange.prefix(Keys.SESSIONS));
            return 0;
        });
    }

    private static SortedMap<String, FileType> walk(MetaServer meta, String path, SortedMap<String, FileType> found)
            throws MetaException {
        assertTrue(path.length() < 1000, "the tree has a loop");
        for (DirectoryEntry entry : meta.list(
                        new ListRequest(MetaFixture.ROOT, PathAt.of(path.isEmpty() ? "/" : path), "", 1000, true))
                .entries()) {
            String child = path + "/" + entry.name();
            found.put(child, entry.inode().type());
            if (entry.inode().type() == FileType.DIRECTORY) {
                walk(meta, child, found);
            }
        }
        return found;
    }
}
