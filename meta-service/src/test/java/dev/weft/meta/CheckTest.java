package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckFinding.Kind;
import dev.weft.api.meta.CheckStartRequest;
import dev.weft.api.meta.CheckStatus;
import dev.weft.api.meta.CheckStatus.Phase;
import dev.weft.api.meta.CheckStatusRequest;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.SetQuotaRequest;
import dev.weft.api.meta.SpaceRequest;
import dev.weft.api.storage.ChunkId;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.meta.check.Check;
import dev.weft.meta.check.Report;
import dev.weft.meta.operations.InodeIds;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.rpc.TaskScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Each kind of damage is planted into the store, found, mended and not found again. */
final class CheckTest extends MetaFixture {
    private static final int CHAINS = 6;

    private final ListedChunks listed = new ListedChunks(CHAINS);
    private MetaServer checked;

    @Override
    KeyValueStore open() {
        return new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system());
    }

    /** Something of everything: directories, files of several chunks and links, links, a quota, something removed. */
    @BeforeEach
    void makeATree() throws Exception {
        checked = new MetaServer(config, Environment.system(), store, () -> routing, Membership.alone(), listed);
        meta = checked;
        Division alone = new Division(Membership.alone());
        collector = new Collector(config, Environment.system(), store, listed, alone, new Counters());
        mkdir("/d");
        mkdir("/d/e");
        mkdir("/q");
        meta.setQuota(new SetQuotaRequest(ROOT, PathAt.of("/q"), 1000, 1L << 30, UUID.randomUUID()));
        mkdir("/q/sub");
        write("/d/file", 3_000_000);
        write("/q/sub/file", 70_000);
        write("/d/e/empty", 0);
        link("/d/file", "/d/e/second");
        symlink("/d/link", "/nowhere");
        mkdir("/tree");
        write("/tree/gone", 10);
        remove("/tree", RemoveRequest.Kind.RECURSIVE);
        assertEquals(List.of(), check(false));
    }

    private long write(String path, long length) throws MetaException {
        OpenReply file = create(path);
        listed.write(file.inode().inodeId(), file.inode().layout().orElseThrow(), length);
        close(file, length);
        return file.inode().inodeId();
    }

    private List<CheckFinding> check(boolean repair) throws Exception {
        return check(repair, quick());
    }

    private List<CheckFinding> check(boolean repair, Environment environment) throws Exception {
        List<CheckFinding> found = new ArrayList<>();
        Report report = new Report() {
            @Override
            public void phase(Phase phase) {}

            @Override
            public void looked() {}

            @Override
            public void found(CheckFinding finding) {
                found.add(finding);
            }
        };
        InodeIds ids = new InodeIds(store, config.inodeBlock());
        new Check(environment, store, listed, ids, repair, report).run();
        return found;
    }

    /** Pauses between two looks are a hundredth of what they should be. */
    private static Environment quick() {
        return quick(() -> {});
    }

    private static Environment quick(Executable meanwhile) {
        Environment system = Environment.system();
        Clock clock = new Clock() {
            @Override
            public long nanoTime() {
                return 100 * system.clock().nanoTime();
            }

            @Override
            public Instant instant() {
                return system.clock().instant();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                assertDoesNotThrow(meanwhile);
                Clock.super.sleep(duration);
            }

            @Override
            public void parkUntil(Object blocker, long deadlineNanos) {
                system.clock().parkUntil(blocker, deadlineNanos / 100);
            }

            @Override
            public Timer schedule(long deadlineNanos, Runnable task) {
                return system.clock().schedule(deadlineNanos / 100, task);
            }
        };
        return new Environment(clock, system.random(), system.threads());
    }

    /** Found as it is, found and mended, and then not found. */
    private void assertMended(Kind... kinds) throws Exception {
        List<CheckFinding> seen = check(false);
        assertEquals(kinds[0], seen.isEmpty() ? null : seen.getFirst().kind(), seen::toString);
        assertTrue(seen.stream().noneMatch(CheckFinding::repaired), seen::toString);
        assertEquals(seen, check(false), "looking changes nothing");
        List<CheckFinding> mended = check(true);
        assertEquals(List.of(kinds), mended.stream().map(CheckFinding::kind).toList(), mended::toString);
        assertTrue(mended.stream().allMatch(CheckFinding::repaired), mended::toString);
        assertEquals(List.of(), check(false));
        collector.collectOnce();
        while (collector.collectOnce()) {
            // What was found to be removed goes.
        }
        assertEquals(List.of(), check(false));
    }

    @FunctionalInterface
    private interface Harm {
        void to(Namespace namespace, Transaction tx);
    }

    private void harm(Harm harm) throws InterruptedException {
        store.run(tx -> {
            harm.to(new Namespace(tx), tx);
            return 0;
        });
    }

    private long id(String path) throws MetaException {
        return lstat(path).inodeId();
    }

    private static StoredEntry file(long inodeId) {
        return new StoredEntry(inodeId, FileType.FILE, Optional.empty());
    }

    @Test
    void aNameThatLeadsToNothing() throws Exception {
        long d = id("/d");
        harm((namespace, _) -> namespace.putEntry(d, "ghost", file(999_999)));
        assertMended(Kind.DANGLING_ENTRY);
        assertEquals(List.of("e", "file", "link"), names("/d"));
    }

    @Test
    void aNameInNoDirectory() throws Exception {
        long file = id("/d/file");
        harm((namespace, _) -> namespace.putEntry(888_888, "lost", file(file)));
        assertMended(Kind.DANGLING_ENTRY);
        assertEquals(2, stat("/d/file").links());
    }

    @Test
    void aNameThatSaysSomethingElseThanItsInode() throws Exception {
        long e = id("/d/e");
        long d = id("/d");
        harm((namespace, _) -> namespace.putEntry(
                d, "e", new StoredEntry(e, FileType.DIRECTORY, Optional.of(new StoredAccess(0777, 5, 5)))));
        assertMended(Kind.WRONG_ENTRY);
        long link = id("/d/link");
        harm((namespace, _) -> namespace.putEntry(d, "link", file(link)));
        assertMended(Kind.WRONG_ENTRY);
        assertEquals(FileType.SYMLINK, lstat("/d/link").type());
    }

    @Test
    void aSecondNameOfADirectory() throws Exception {
        long q = id("/q");
        long e = id("/d/e");
        harm((namespace, _) ->
                namespace.putEntry(q, "e", StoredEntry.of(e, namespace.inode(e).orElseThrow())));
        assertMended(Kind.DANGLING_ENTRY);
        assertEquals(List.of("sub"), names("/q"));
    }

    @Test
    void aDirectoryThatTakesItselfForAnother() throws Exception {
        long e = id("/d/e");
        harm((namespace, _) -> {
            StoredInode inode = namespace.inode(e).orElseThrow();
            StoredContent.Directory at = (StoredContent.Directory) inode.content();
            namespace.putInode(e, inode.withContent(at.at(at.parentId(), "other"), inode.changed()));
        });
        assertMended(Kind.WRONG_ENTRY);
        assertEquals(List.of("empty", "second"), names("/d/e"));
    }

    @Test
    void moreAndFewerLinksThanNames() throws Exception {
        for (int links : new int[] {1, 9}) {
            long file = id("/d/file");
            harm((namespace, _) ->
                    namespace.putInode(file, namespace.inode(file).orElseThrow().withLinks(links, Instant.now())));
            assertMended(Kind.WRONG_LINKS);
            assertEquals(2, stat("/d/file").links());
        }
    }

    @Test
    void aFileThatWasRemovedAndHasAName() throws Exception {
        long empty = id("/d/e/empty");
        harm((namespace, _) -> {
            StoredInode inode = namespace.inode(empty).orElseThrow();
            namespace.release(file(empty), inode, inode.changed());
        });
        assertMended(Kind.WRONG_LINKS);
        assertEquals(1, stat("/d/e/empty").links());
    }

    @Test
    void aFileWithoutAName() throws Exception {
        long file = id("/q/sub/file");
        long sub = id("/q/sub");
        harm((namespace, _) -> namespace.removeEntry(sub, "file"));
        assertMended(Kind.UNREACHABLE_INODE);
        assertEquals(70_000, stat("/lost+found/" + file).length());
        remove("/lost+found/" + file, RemoveRequest.Kind.UNLINK);
        assertEquals(List.of(), check(false));
    }

    @Test
    void aDirectoryWithoutAName() throws Exception {
        long d = id("/d");
        harm((namespace, _) -> namespace.removeEntry(Namespace.ROOT_ID, "d"));
        assertMended(Kind.WRONG_DIRECTORY_COUNT, Kind.UNREACHABLE_INODE);
        assertEquals(3_000_000, stat("/lost+found/" + d + "/file").length());
        rename("/lost+found/" + d, "/d");
        assertEquals(List.of(), check(false));
        assertEquals(5, stat("/").links());
    }

    @Test
    void directoriesBelowThemselves() throws Exception {
        long d = id("/d");
        long e = id("/d/e");
        harm((namespace, _) -> {
            StoredInode inode = namespace.inode(d).orElseThrow();
            StoredContent.Directory at = (StoredContent.Directory) inode.content();
            StoredInode below = inode.withContent(at.at(e, "d"), inode.changed());
            namespace.removeEntry(Namespace.ROOT_ID, "d");
            namespace.countDirectories(Namespace.ROOT_ID, -1);
            namespace.putInode(d, below);
            namespace.putEntry(e, "d", StoredEntry.of(d, below));
            namespace.countDirectories(e, 1);
        });
        assertMended(Kind.UNREACHABLE_INODE, Kind.UNREACHABLE_INODE);
        assertEquals(3_000_000, stat("/lost+found/" + d + "/file").length());
        assertEquals(List.of("empty", "second"), names("/lost+found/" + e));
    }

    @Test
    void somethingRemovedThatNoCollectorWillFind() throws Exception {
        long sub = id("/q/sub");
        long file = id("/q/sub/file");
        harm((namespace, tx) -> {
            namespace.removeEntry(sub, "file");
            namespace.release(file(file), namespace.inode(file).orElseThrow(), Instant.now());
        });
        harm((_, tx) -> tx.clear(KeyRange.prefix(Keys.GARBAGE)));
        List<CheckFinding> found = check(false);
        assertEquals(
                List.of(Kind.LOST_GARBAGE, Kind.LOST_GARBAGE),
                found.stream().map(CheckFinding::kind).toList(),
                "the tree as well");
        assertMended(Kind.LOST_GARBAGE, Kind.LOST_GARBAGE);
        assertTrue(!storedInodes().contains(file));
    }

    @Test
    void aWrongCountOfDirectories() throws Exception {
        long d = id("/d");
        harm((namespace, _) -> namespace.countDirectories(d, 3));
        assertMended(Kind.WRONG_DIRECTORY_COUNT);
        assertEquals(3, stat("/d").links());
    }

    @Test
    void aQuotaThatHasCountedWrong() throws Exception {
        long q = id("/q");
        harm((_, tx) -> {
            tx.add(Keys.quotaInodes(q), 7);
            tx.add(Keys.quotaBytes(Namespace.ROOT_ID), -100);
        });
        assertMended(Kind.WRONG_QUOTA, Kind.WRONG_QUOTA);
        assertEquals(2, meta.space(new SpaceRequest(ROOT, PathAt.of("/q"))).inodes());
        assertEquals(70_000, meta.space(new SpaceRequest(ROOT, PathAt.of("/q"))).bytes());
    }

    @Test
    void aQuotaThatIsMissing() throws Exception {
        long q = id("/q");
        harm((namespace, _) -> namespace.quotas().remove(q));
        List<CheckFinding> found = check(true);
        assertEquals(
                4, found.stream().filter(one -> one.kind() == Kind.WRONG_QUOTA).count(), found::toString);
        assertEquals(List.of(), check(false));
        write("/q/sub/next", 5);
        assertEquals(List.of(), check(false));
    }

    @Test
    void aFileThatIsLongerOrShorterThanItsChunks() throws Exception {
        for (long length : new long[] {1, 5_000_000}) {
            long file = id("/d/file");
            harm((namespace, _) -> {
                StoredInode inode = namespace.inode(file).orElseThrow();
                StoredContent.File content = (StoredContent.File) inode.content();
                namespace.putInode(
                        file,
                        inode.withContent(
                                new StoredContent.File(length, content.truncations(), content.layout()),
                                inode.changed()));
                namespace.quotas().resize(inode.quota(), length - content.length());
            });
            assertMended(Kind.WRONG_LENGTH);
            assertEquals(3_000_000, stat("/d/file").length());
        }
    }

    @Test
    void aFileThatIsOpenMayBeShorterThanItsChunks() throws Exception {
        OpenReply opened = open("/d/file", OpenRequest.Mode.WRITE);
        listed.write(opened.inode().inodeId(), opened.inode().layout().orElseThrow(), 4_000_000);
        assertEquals(List.of(), check(true));
        close(opened, 0);
        assertMended(Kind.WRONG_LENGTH);
    }

    @Test
    void aTruncationThatIsUnderWay() throws Exception {
        long file = id("/d/file");
        // The chunks come first, and the inode between the two looks.
        listed.truncate(file, stat("/d/file").layout().orElseThrow(), 10);
        assertEquals(List.of(), check(true, quick(() -> truncate("/d/file", 10))));
        assertEquals(10, stat("/d/file").length());
        // A slow one is not even through with the chunks.
        listed.truncate(file, stat("/d/file").layout().orElseThrow(), 8);
        Layout layout = stat("/d/file").layout().orElseThrow();
        assertEquals(List.of(), check(true, quick(() -> listed.truncate(file, layout, 4))));
        truncate("/d/file", 4);
        assertEquals(List.of(), check(false));
    }

    @Test
    void chunksOfNoFile() throws Exception {
        int before = listed.count();
        listed.put(1, new ChunkId(777_777, 0), 5);
        listed.put(1, new ChunkId(777_777, 6), 5);
        listed.put(4, new ChunkId(-2, 1), 5);
        listed.put(5, new ChunkId(id("/d"), 0), 5);
        List<Integer> chains = stat("/d/file").layout().orElseThrow().chains();
        int other = IntStream.rangeClosed(1, CHAINS)
                .filter(chain -> !chains.contains(chain))
                .findFirst()
                .orElseThrow();
        listed.put(other, new ChunkId(id("/d/file"), 0), 5);
        assertEquals(4, check(false).size());
        assertMended(Kind.ORPHANED_CHUNKS, Kind.ORPHANED_CHUNKS, Kind.ORPHANED_CHUNKS, Kind.ORPHANED_CHUNKS);
        assertTrue(listed.count() <= before, "and what was removed before is collected");
    }

    @Test
    void findsNothingWhileManyChangeEverything() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (TaskScope scope = TaskScope.open(Environment.system())) {
            for (int seed = 1; seed <= 3; seed++) {
                RandomActor actor = new RandomActor(meta, new Random(seed), Optional.empty());
                scope.fork(() -> {
                    while (!over.get()) {
                        actor.act();
                    }
                    return actor;
                });
            }
            scope.fork(() -> {
                for (int i = 0; !over.get(); i++) {
                    long id = write("/d/w" + i % 5, 1 + i * 7919L % 3_000_000);
                    if (i % 3 == 0) {
                        truncate("/d/w" + i % 5, i * 31L % 2_000_000);
                    } else if (i % 3 == 1) {
                        remove("/d/w" + i % 5, RemoveRequest.Kind.UNLINK);
                    }
                    assertTrue(id > 0);
                }
                return over;
            });
            scope.fork(() -> {
                while (!over.get()) {
                    collector.collectOnce();
                }
                return over;
            });
            try {
                for (int i = 0; i < 12; i++) {
                    assertEquals(List.of(), check(i % 2 == 1, Environment.system()));
                }
            } finally {
                over.set(true);
            }
            scope.join();
        }
        assertEquals(List.of(), check(false));
    }

    @Test
    void aServerChecksWhenAskedTo() throws Exception {
        for (int i = 0; i < 1500; i++) {
            listed.put(2, new ChunkId(500_000 + i, 0), 5);
        }
        UUID id = UUID.randomUUID();
        CheckStartRequest request = new CheckStartRequest(ROOT, id, true);
        checked.check().start(request);
        checked.check().start(request);
        assertFault(
                MetaFault.Kind.BUSY,
                () -> checked.check().start(new CheckStartRequest(ROOT, UUID.randomUUID(), false)));
        assertFault(
                MetaFault.Kind.NOT_PERMITTED,
                () -> checked.check().start(new CheckStartRequest(user(5, 5), id, false)));
        assertFault(
                MetaFault.Kind.NOT_FOUND,
                () -> checked.check().status(new CheckStatusRequest(ROOT, UUID.randomUUID(), 0)));
        List<CheckFinding> found = new ArrayList<>();
        CheckStatus status = checked.check().status(new CheckStatusRequest(ROOT, id, 0));
        while (status.phase() != Phase.OVER || status.found() > found.size()) {
            found.addAll(status.findings());
            Environment.system().clock().sleep(Duration.ofMillis(1));
            status = checked.check().status(new CheckStatusRequest(ROOT, id, found.size()));
            assertEquals("", status.failure());
        }
        assertEquals(1500, found.size());
        assertEquals(1500, found.stream().map(CheckFinding::inodeId).distinct().count());
        checked.check().start(new CheckStartRequest(ROOT, UUID.randomUUID(), false));
        checked.close();
    }
}
