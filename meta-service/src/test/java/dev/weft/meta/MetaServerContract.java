package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.ListReply;
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
import dev.weft.api.meta.TruncateRequest;
import dev.weft.kv.KeyRange;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.RequestLog;
import dev.weft.meta.schema.Trash;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A metadata server does the same on every engine and over every transport. */
abstract class MetaServerContract extends MetaLockContract {
    @Test
    void theRootIsThereFromTheBeginning() throws MetaException {
        assertEquals(FileType.DIRECTORY, stat("/").type());
        assertEquals(List.of(), names("/"));
    }

    @Test
    void aCreatedFileIsFoundWithItsLayout() throws MetaException {
        Inode created = create("/file").inode();
        assertEquals(created, stat("/file"));
        assertEquals(0, created.length());
        assertEquals(0644, created.permissions());
        assertEquals(1 << 20, created.layout().orElseThrow().chunkSize());
        assertEquals(4, new HashSet<>(created.layout().orElseThrow().chains()).size());
    }

    @Test
    void filesAreSpreadOverAllChains() throws MetaException {
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            used.addAll(create("/file" + i).inode().layout().orElseThrow().chains());
        }
        assertEquals(6, used.size());
    }

    @Test
    void aFileMayAskForItsLayout() throws MetaException {
        Inode file = meta.create(new CreateRequest(
                        caller, PathAt.of("/file"), true, false, 0600, 64 << 10, 2, UUID.randomUUID()))
                .inode();
        assertEquals(64 << 10, file.layout().orElseThrow().chunkSize());
        assertEquals(2, file.layout().orElseThrow().chains().size());
        for (int[] wrong : new int[][] {{1000, 0}, {32 << 10, 0}, {128 << 20, 0}, {0, 7}, {0, -1}}) {
            assertFault(
                    Kind.INVALID,
                    () -> meta.create(new CreateRequest(
                            caller, PathAt.of("/x"), true, false, 0600, wrong[0], wrong[1], UUID.randomUUID())));
        }
    }

    @Test
    void noFileIsCreatedBeforeThereAreChains() {
        routing = withChains(0);
        RpcException refused = assertThrows(RpcException.class, () -> create("/file"));
        assertEquals(StatusCode.UNAVAILABLE, refused.code());
        assertFault(Kind.NOT_FOUND, () -> stat("/file"));
    }

    @Test
    void creatingAFileThatIsThereOpensIt() throws MetaException {
        OpenReply first = create("/file");
        OpenReply second = create("/file");
        assertEquals(first.inode(), second.inode());
        assertNotEquals(first.session(), second.session());
        assertFault(
                Kind.EXISTS,
                () -> meta.create(
                        new CreateRequest(caller, PathAt.of("/file"), true, false, 0644, 0, 0, UUID.randomUUID())));
    }

    @Test
    void creatingWithTruncateLeavesTheOldContentToTheCollector() throws Exception {
        OpenReply old = create("/file");
        chmod("/file", 0640);
        chunks.lengths.put(old.inode().inodeId(), 500L);
        close(old, 500);
        Inode emptied = meta.create(
                        new CreateRequest(caller, PathAt.of("/file"), false, true, 0644, 0, 0, UUID.randomUUID()))
                .inode();
        assertEquals(0, emptied.length());
        assertTrue(collector.collectOnce());
        assertEquals(Set.of(), chunks.lengths.keySet());
        assertEquals(emptied, stat("/file"));
        assertEquals(0640, emptied.permissions());
    }

    @Test
    void aRepeatedRequestFindsItsWorkDone() throws MetaException {
        CreateRequest create =
                new CreateRequest(caller, PathAt.of("/file"), true, false, 0644, 0, 0, UUID.randomUUID());
        assertEquals(meta.create(create), meta.create(create));
        MkdirRequest mkdir = new MkdirRequest(caller, PathAt.of("/dir"), false, 0755, UUID.randomUUID());
        assertEquals(meta.mkdir(mkdir), meta.mkdir(mkdir));
        OpenRequest open =
                new OpenRequest(caller, PathAt.of("/file"), OpenRequest.Mode.WRITE, false, UUID.randomUUID());
        assertEquals(meta.open(open), meta.open(open));
        RenameRequest rename = new RenameRequest(
                caller, PathAt.of("/file"), PathAt.of("/dir/file"), RenameRequest.Mode.REPLACE, UUID.randomUUID());
        meta.rename(rename);
        meta.rename(rename);
        TruncateRequest truncate = new TruncateRequest(caller, PathAt.of("/dir/file"), 10, UUID.randomUUID());
        assertEquals(meta.truncate(truncate), meta.truncate(truncate));
        assertEquals(1, stat("/dir/file").truncations());
        RemoveRequest remove =
                new RemoveRequest(caller, PathAt.of("/dir"), RemoveRequest.Kind.RECURSIVE, UUID.randomUUID());
        meta.remove(remove);
        meta.remove(remove);
        assertEquals(List.of(), names("/"));
        assertFault(
                Kind.INVALID,
                () -> meta.mkdir(new MkdirRequest(caller, PathAt.of("/other"), false, 0755, rename.request())));
    }

    @Test
    void requestsAreForgottenByCountOldestFirst() throws Exception {
        MkdirRequest first = new MkdirRequest(caller, PathAt.of("/0"), false, 0755, UUID.randomUUID());
        meta.mkdir(first);
        for (int i = 1; i < 20; i++) {
            mkdir("/" + i);
        }
        var environment = Environment.system();
        RequestLog.expire(store, environment.clock().instant(), Duration.ofHours(1), 5);
        assertEquals(5, stored(KeyRange.prefix(Keys.REQUEST_AGES)));
        try (Transaction tx = store.begin()) {
            assertEquals(5, RequestLog.count(tx));
        }
        assertFault(Kind.EXISTS, () -> meta.mkdir(first));
        RequestLog.expire(store, environment.clock().instant().plusSeconds(60), Duration.ofSeconds(1), 5);
        assertEquals(0, stored(KeyRange.prefix(Keys.REQUEST_AGES)));
    }

    @Test
    void mkdirWithParentsMakesWhatIsMissing() throws MetaException {
        Inode made = meta.mkdir(new MkdirRequest(caller, PathAt.of("/a/b/c"), true, 0750, UUID.randomUUID()));
        assertEquals(made, stat("/a/b/c"));
        assertEquals(made, meta.mkdir(new MkdirRequest(caller, PathAt.of("/a/b/c"), true, 0700, UUID.randomUUID())));
        assertFault(Kind.EXISTS, () -> mkdir("/a/b"));
        assertFault(Kind.NOT_FOUND, () -> mkdir("/x/y"));
        create("/a/file");
        assertFault(Kind.NOT_A_DIRECTORY, () -> mkdir("/a/file/d"));
        assertFault(
                Kind.NOT_A_DIRECTORY,
                () -> meta.mkdir(new MkdirRequest(caller, PathAt.of("/a/file/d"), true, 0750, UUID.randomUUID())));
        assertFault(
                Kind.EXISTS,
                () -> meta.mkdir(new MkdirRequest(caller, PathAt.of("/a/file"), true, 0750, UUID.randomUUID())));
        assertEquals(
                FileType.DIRECTORY,
                meta.mkdir(new MkdirRequest(caller, PathAt.of("/"), true, 0, UUID.randomUUID()))
                        .type());
    }

    @Test
    void listsInOrderPageByPage() throws MetaException {
        mkdir("/d");
        List<String> expected = new ArrayList<>();
        for (char c = 'a'; c <= 'z'; c++) {
            expected.add("f" + c);
            create("/d/f" + c);
        }
        List<String> listed = new ArrayList<>();
        ListReply page = meta.list(new ListRequest(caller, PathAt.of("/d"), "", 10, true));
        while (page.more()) {
            assertEquals(10, page.entries().size());
            page.entries().forEach(entry -> listed.add(entry.name()));
            page = meta.list(new ListRequest(caller, PathAt.of("/d"), listed.getLast(), 10, true));
        }
        page.entries().forEach(entry -> listed.add(entry.name()));
        assertEquals(expected, listed);
        assertFault(Kind.NOT_A_DIRECTORY, () -> names("/d/fa"));
        assertFault(Kind.INVALID, () -> meta.list(new ListRequest(caller, PathAt.of("/d"), "", 0, true)));
        assertFault(
                Kind.NAME_TOO_LONG,
                () -> meta.list(new ListRequest(caller, PathAt.of("/d"), "x".repeat(300), 1, true)));
    }

    /** What is there all the time is seen exactly once, whatever comes and goes between the pages. */
    @Test
    void aListingIsStableWhileTheDirectoryChanges() throws Exception {
        mkdir("/d");
        List<String> staying = new ArrayList<>();
        for (int i = 10; i < 40; i++) {
            staying.add("s" + i);
            create("/d/s" + i);
            create("/d/s" + i + "-goes");
        }
        List<String> listed = new ArrayList<>();
        String after = "";
        for (int page = 0; ; page++) {
            ListReply reply = meta.list(new ListRequest(caller, PathAt.of("/d"), after, 7, false));
            reply.entries().forEach(entry -> listed.add(entry.name()));
            if (!reply.more()) {
                break;
            }
            after = listed.getLast();
            for (String name : names("/d")) {
                if (name.endsWith("-goes") && !name.equals("s39-goes") && (name.hashCode() + page) % 3 == 0) {
                    remove("/d/" + name, RemoveRequest.Kind.UNLINK);
                }
            }
            create("/d/s" + (10 + page * 3) + "-comes");
            rename("/d/s39-goes", "/d/s" + (10 + page * 4) + "-moved");
            create("/d/s39-goes");
        }
        assertEquals(new HashSet<>(listed).size(), listed.size(), "nothing is listed twice");
        listed.retainAll(staying);
        assertEquals(staying, listed);
    }

    @Test
    void aListingWithoutAttributesNeedsNone() throws MetaException {
        mkdir("/d");
        DirectoryEntry entry = meta.list(new ListRequest(caller, PathAt.of("/"), "", 10, false))
                .entries()
                .getFirst();
        assertEquals(new DirectoryEntry("d", stat("/d").inodeId(), FileType.DIRECTORY, Optional.empty()), entry);
    }

    @Test
    void closeTakesTheWritersWordOnTheLength() throws MetaException {
        OpenReply opened = create("/file");
        assertEquals(100, sync(opened, 100).length());
        assertEquals(100, close(opened, 40).length());
        assertEquals(0, stored(Keys.sessions(opened.inode().inodeId())));
        assertFault(Kind.INVALID, () -> close(opened, -2));
        assertFault(Kind.INVALID, () -> close(opened, Long.MAX_VALUE));
        assertFault(Kind.NOT_FOUND, () -> meta.close(new CloseRequest(caller, 999_999, CLIENT, 0, 0, true)));
        assertFault(Kind.IS_A_DIRECTORY, () -> meta.close(new CloseRequest(caller, 1, CLIENT, 0, 0, true)));
    }

    @Test
    void whoHoldsNoSessionSettlesNothing() throws MetaException {
        OpenReply opened = create("/file");
        Inode closed = close(opened, 100);
        assertEquals(closed, close(opened, 500), "the session has ended");
        assertEquals(closed, meta.close(new CloseRequest(caller, opened.inode().inodeId(), CLIENT, 500, 0, true)));
    }

    @Test
    void closeTouchesTheFileIfSomethingWasWritten() throws MetaException {
        OpenReply opened = create("/file");
        Inode first = sync(opened, 100);
        assertTrue(first.modified().isAfter(opened.inode().modified()));
        assertEquals(first, sync(opened, 0));
        assertTrue(sync(opened, 50).modified().isAfter(first.modified()), "overwritten within its length");
    }

    @Test
    void syncSettlesTheLengthAndKeepsTheSession() throws MetaException {
        OpenReply opened = create("/file");
        long inodeId = opened.inode().inodeId();
        assertEquals(
                7,
                meta.close(new CloseRequest(caller, inodeId, opened.session().orElseThrow(), 7, 0, false))
                        .length());
        assertEquals(1, stored(Keys.sessions(inodeId)));
    }

    @Test
    void closeAsksStorageWhenTheWriterDoesNotKnow() throws MetaException {
        OpenReply opened = create("/file");
        chunks.lengths.put(opened.inode().inodeId(), 123L);
        assertEquals(123, close(opened, -1).length());
    }

    @Test
    void aLengthFromBeforeATruncationIsNotBelieved() throws MetaException {
        OpenReply opened = create("/file");
        sync(opened, 1000);
        assertEquals(10, truncate("/file", 10).length());
        assertEquals(10, close(opened, 1000).length());
    }

    @Test
    void closeAsksAgainWhenATruncationComesBetween() throws MetaException {
        OpenReply opened = create("/file");
        chunks.lengths.put(opened.inode().inodeId(), 1000L);
        chunks.interruption = () -> {
            try {
                truncate("/file", 10);
            } catch (MetaException e) {
                throw new AssertionError(e);
            }
        };
        assertEquals(10, close(opened, -1).length());
    }

    @Test
    void truncateSetsTheLengthUpAndDown() throws MetaException {
        Inode file = create("/file").inode();
        assertEquals(5000, truncate("/file", 5000).length());
        assertEquals(5000, chunks.lengths.get(file.inodeId()));
        assertEquals(3, truncate("/file", 3).length());
        assertEquals(2, stat("/file").truncations());
        assertFault(Kind.INVALID, () -> truncate("/file", -1));
        assertFault(Kind.INVALID, () -> truncate("/file", Long.MAX_VALUE));
        assertFault(Kind.IS_A_DIRECTORY, () -> truncate("/", 0));
    }

    @Test
    void aTruncationThatStorageCannotDoLeavesTheLength() throws MetaException {
        close(create("/file"), 50);
        chunks.away = true;
        RpcException refused = assertThrows(RpcException.class, () -> truncate("/file", 3));
        assertEquals(StatusCode.UNAVAILABLE, refused.code());
        assertEquals(50, stat("/file").length());
    }

    @Test
    void unlinkAndRmdirTakeOnlyWhatTheyAreFor() throws Exception {
        mkdir("/d");
        create("/d/f");
        assertFault(Kind.IS_A_DIRECTORY, () -> remove("/d", RemoveRequest.Kind.UNLINK));
        assertFault(Kind.NOT_A_DIRECTORY, () -> remove("/d/f", RemoveRequest.Kind.RMDIR));
        assertFault(Kind.NOT_EMPTY, () -> remove("/d", RemoveRequest.Kind.RMDIR));
        assertFault(Kind.NOT_FOUND, () -> remove("/d/x", RemoveRequest.Kind.UNLINK));
        assertFault(Kind.BUSY, () -> remove("/", RemoveRequest.Kind.RECURSIVE));
        remove("/d/f", RemoveRequest.Kind.UNLINK);
        remove("/d", RemoveRequest.Kind.RMDIR);
        assertEquals(List.of(), names("/"));
    }

    @Test
    void aRemovedTreeIsGoneAtOnceAndCollectedInTheBackground() throws Exception {
        for (int d = 0; d < 5; d++) {
            meta.mkdir(new MkdirRequest(caller, PathAt.of("/tree/d" + d + "/e"), true, 0755, UUID.randomUUID()));
            for (int f = 0; f < 60; f++) {
                OpenReply file = create("/tree/d" + d + "/f" + f);
                chunks.lengths.put(file.inode().inodeId(), 1L);
                close(file, 1);
            }
        }
        remove("/tree", RemoveRequest.Kind.RECURSIVE);
        assertFault(Kind.NOT_FOUND, () -> stat("/tree/d0"));
        while (collector.collectOnce()) {
            assertFault(Kind.NOT_FOUND, () -> stat("/tree"));
        }
        assertEquals(Set.of(), chunks.lengths.keySet());
        assertEquals(0, stored(KeyRange.prefix(Keys.GARBAGE)));
        assertEquals(Set.of(Namespace.ROOT_ID), storedInodes());
        assertEquals(2, stat("/").links());
        assertEquals(1, stored(new KeyRange(Keys.entry(0, ""), Keys.entry(Long.MAX_VALUE, ""))), "that of the root");
    }

    @Test
    void aRemovedFileThatIsStillWrittenIsCollectedAfterItsClose() throws Exception {
        OpenReply opened = create("/file");
        chunks.lengths.put(opened.inode().inodeId(), 9L);
        remove("/file", RemoveRequest.Kind.UNLINK);
        assertFalse(collector.collectOnce());
        assertEquals(9, close(opened, 9).length());
        assertTrue(collector.collectOnce());
        assertEquals(Set.of(), chunks.lengths.keySet());
    }

    @Test
    void aFileWhoseChunksCannotBeRemovedNowDoesNotHoldUpOthers() throws Exception {
        OpenReply slow = create("/slow");
        OpenReply quick = create("/quick");
        close(slow, 1);
        close(quick, 1);
        remove("/slow", RemoveRequest.Kind.UNLINK);
        remove("/quick", RemoveRequest.Kind.UNLINK);
        CountDownLatch quickIsGone = new CountDownLatch(1);
        chunks.removal = inode -> {
            if (inode == quick.inode().inodeId()) {
                quickIsGone.countDown();
            } else {
                await(quickIsGone);
            }
        };
        assertTrue(collector.collectOnce());
        assertEquals(0, stored(KeyRange.prefix(Keys.GARBAGE)));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS), "the other file waits");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void garbageStaysWhileStorageIsAway() throws Exception {
        close(create("/file"), 1);
        remove("/file", RemoveRequest.Kind.UNLINK);
        chunks.away = true;
        assertFalse(collector.collectOnce());
        chunks.away = false;
        // Another one, as this one waits a little before it tries again.
        assertTrue(collectorOf(0, () -> Routing.UNKNOWN).collectOnce());
        assertEquals(0, stored(KeyRange.prefix(Keys.GARBAGE)));
    }

    @Test
    void whatIsInTheTrashComesBackUntilItExpires() throws Exception {
        Credentials ann = user(1000, 100);
        as(ann);
        mkdir("/d");
        Inode file = create("/d/f").inode();
        create("/g");
        remove("/d", RemoveRequest.Kind.TRASH);
        remove("/g", RemoveRequest.Kind.TRASH);
        assertEquals(List.of(".trash"), names("/"));
        List<String> mine = names("/.trash/1000");
        assertEquals(2, mine.size());
        as(user(1001, 100));
        assertFault(Kind.ACCESS_DENIED, () -> names("/.trash/1000"));
        assertFault(Kind.ACCESS_DENIED, () -> create("/.trash/x"));
        as(ann);
        rename("/.trash/1000/" + mine.getFirst(), "/back");
        assertSame(file, stat("/back/f"));
        Instant now = Instant.now();
        Trash.expire(store, now);
        assertEquals(1, names("/.trash/1000").size());
        Trash.expire(store, now.plus(config.trashAge()).plusSeconds(60));
        assertEquals(List.of(), names("/.trash/1000"));
        assertSame(file, stat("/back/f"));
        assertTrue(stored(KeyRange.prefix(Keys.GARBAGE)) == 1, "the file that was left there");
    }

    @Test
    void renameMovesFilesAndDirectories() throws MetaException {
        mkdir("/a");
        mkdir("/b");
        Inode file = create("/a/f").inode();
        rename("/a/f", "/b/g");
        assertSame(file, stat("/b/g"));
        rename("/b", "/a/b");
        assertSame(file, stat("/a/b/g"));
        assertEquals(List.of("a"), names("/"));
        rename("/a/b/g", "/a/b/g");
        assertSame(file, stat("/a/b/g"));
    }

    @Test
    void renameReplacesAsPosixHasIt() throws Exception {
        mkdir("/dir");
        mkdir("/full");
        create("/full/x");
        Inode file = create("/file").inode();
        OpenReply other = create("/other");
        close(other, 1);
        assertFault(Kind.IS_A_DIRECTORY, () -> rename("/file", "/dir"));
        assertFault(Kind.NOT_A_DIRECTORY, () -> rename("/dir", "/file"));
        assertFault(Kind.NOT_EMPTY, () -> rename("/dir", "/full"));
        assertFault(Kind.NOT_FOUND, () -> rename("/none", "/file"));
        assertFault(Kind.NOT_FOUND, () -> rename("/file", "/none/file"));
        assertFault(Kind.IS_A_DIRECTORY, () -> rename("/full/x", "/full"));
        rename("/file", "/other");
        assertSame(file, stat("/other"));
        rename("/full", "/dir");
        assertEquals(List.of("x"), names("/dir"));
        assertTrue(collector.collectOnce());
        assertFault(Kind.NOT_FOUND, () -> close(other, 1));
    }

    @Test
    void renameMakesNoLoop() throws MetaException {
        meta.mkdir(new MkdirRequest(caller, PathAt.of("/a/b/c"), true, 0755, UUID.randomUUID()));
        assertFault(Kind.INVALID, () -> rename("/a", "/a/b/c/d"));
        assertFault(Kind.INVALID, () -> rename("/a", "/a/x"));
        assertFault(Kind.BUSY, () -> rename("/", "/x"));
        assertFault(Kind.BUSY, () -> rename("/a", "/"));
        assertFault(Kind.NOT_EMPTY, () -> rename("/a/b/c", "/a"));
    }

    @Test
    void inodeIdsAreNeverGivenTwice() throws Exception {
        Set<Long> seen = new HashSet<>();
        MetaService second =
                reach(new MetaServer(config, Environment.system(), store, () -> routing, Membership.alone(), chunks));
        for (int i = 0; i < 20; i++) {
            assertTrue(seen.add(create("/x" + i).inode().inodeId()));
            assertTrue(seen.add(second.mkdir(new MkdirRequest(caller, PathAt.of("/y" + i), false, 0, UUID.randomUUID()))
                    .inodeId()));
        }
    }

    @Test
    void refusesPermissionsBeyondTheBits() {
        assertFault(
                Kind.INVALID,
                () -> meta.mkdir(new MkdirRequest(caller, PathAt.of("/d"), false, 010000, UUID.randomUUID())));
    }

    @Test
    void rmdirSeesAFileThatIsCreatedMeanwhile() throws MetaException {
        mkdir("/d");
        MetaService slow = overtakenBy(() -> create("/d/f"));
        assertFault(
                Kind.NOT_EMPTY,
                () -> slow.remove(
                        new RemoveRequest(caller, PathAt.of("/d"), RemoveRequest.Kind.RMDIR, UUID.randomUUID())));
        assertEquals(List.of("f"), names("/d"));
    }

    @Test
    void renameSeesAFileThatIsCreatedInTheReplacedDirectoryMeanwhile() throws MetaException {
        mkdir("/d");
        mkdir("/e");
        MetaService slow = overtakenBy(() -> create("/d/f"));
        assertFault(
                Kind.NOT_EMPTY,
                () -> slow.rename(new RenameRequest(
                        caller, PathAt.of("/e"), PathAt.of("/d"), RenameRequest.Mode.REPLACE, UUID.randomUUID())));
    }

    @Test
    void mkdirSeesThatItsParentIsRemovedMeanwhile() throws MetaException {
        mkdir("/d");
        MetaService slow = overtakenBy(() -> remove("/d", RemoveRequest.Kind.RMDIR));
        assertFault(
                Kind.NOT_FOUND,
                () -> slow.mkdir(new MkdirRequest(caller, PathAt.of("/d/e"), false, 0755, UUID.randomUUID())));
    }

    @Test
    void twoRenamesMakeNoLoopTogether() throws MetaException {
        mkdir("/a");
        mkdir("/b");
        MetaService slow = overtakenBy(() -> rename("/b", "/a/b"));
        assertFault(
                Kind.NOT_FOUND,
                () -> slow.rename(new RenameRequest(
                        caller, PathAt.of("/a"), PathAt.of("/b/a"), RenameRequest.Mode.REPLACE, UUID.randomUUID())));
        assertEquals(List.of("b"), names("/a"));
    }

    /** As above, where neither path shows what the other one does: only the way up to the root does. */
    @Test
    void twoRenamesMakeNoLoopTogetherBelowOthers() throws MetaException {
        meta.mkdir(new MkdirRequest(caller, PathAt.of("/a/y"), true, 0755, UUID.randomUUID()));
        meta.mkdir(new MkdirRequest(caller, PathAt.of("/b/x"), true, 0755, UUID.randomUUID()));
        long y = stat("/a/y").inodeId();
        long x = stat("/b/x").inodeId();
        MetaService slow = overtakenBy(() -> meta.rename(into(y, "b")));
        assertFault(Kind.INVALID, () -> slow.rename(into(x, "a")));
        assertEquals(List.of("x"), names("/a/y/b"));
    }

    private RenameRequest into(long directoryId, String name) {
        return new RenameRequest(
                caller,
                PathAt.of("/" + name),
                new PathAt(directoryId, name),
                RenameRequest.Mode.REPLACE,
                UUID.randomUUID());
    }

    @Test
    void ofTwoExclusiveCreatorsOneWins() throws MetaException {
        MetaService slow = overtakenBy(() -> create("/file"));
        assertFault(
                Kind.EXISTS,
                () -> slow.create(
                        new CreateRequest(caller, PathAt.of("/file"), true, false, 0644, 0, 0, UUID.randomUUID())));
    }
}
