package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.NewTime;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.api.meta.StatRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who may do what. */
abstract class MetaAccessContract extends MetaLinkContract {
    private static final Credentials ALICE = user(1000, 100, 7);
    private static final Credentials BOB = user(1001, 100);
    private static final Credentials CAROL = user(1002, 200);

    @Test
    void whatIsNewBelongsToItsMaker() throws MetaException {
        as(ALICE);
        Inode file = create("/f").inode();
        assertEquals(List.of(1000, 100), List.of(file.owner(), file.group()));
        assertEquals(1000, mkdir("/d").owner());
        symlink("/s", "f");
        assertEquals(1000, lstat("/s").owner());
    }

    @Test
    void theFirstClassThatFitsDecides() throws MetaException {
        as(ALICE);
        close(create("/f"), 0);
        chmod("/f", 0460);
        assertFault(Kind.ACCESS_DENIED, () -> open("/f", OpenRequest.Mode.WRITE));
        open("/f", OpenRequest.Mode.READ);
        as(BOB);
        open("/f", OpenRequest.Mode.READ_AND_WRITE);
        as(CAROL);
        assertFault(Kind.ACCESS_DENIED, () -> open("/f", OpenRequest.Mode.READ));
        assertFault(Kind.ACCESS_DENIED, () -> truncate("/f", 0));
        as(ROOT);
        open("/f", OpenRequest.Mode.READ_AND_WRITE);
    }

    @Test
    void everyDirectoryOnTheWayMustBeSearchable() throws MetaException {
        as(ALICE);
        meta.mkdir(new MkdirRequest(caller, PathAt.of("/a/b"), true, 0755, UUID.randomUUID()));
        create("/a/b/f");
        Inode inner = stat("/a/b");
        as(BOB);
        stat("/a/b/f");
        as(ALICE);
        chmod("/a", 0766);
        as(BOB);
        assertFault(Kind.ACCESS_DENIED, () -> stat("/a/b/f"));
        assertFault(Kind.ACCESS_DENIED, () -> names("/a/b"));
        assertFault(Kind.ACCESS_DENIED, () -> names("/a"));
        assertEquals(
                "b",
                meta.list(new ListRequest(caller, PathAt.of("/a"), "", 10, false))
                        .entries()
                        .getFirst()
                        .name());
        meta.stat(new StatRequest(caller, new PathAt(inner.inodeId(), "f"), false));
        as(ALICE);
        chmod("/a", 0711);
        as(BOB);
        stat("/a/b/f");
        assertFault(Kind.ACCESS_DENIED, () -> names("/a"));
    }

    @Test
    void namesAreAddedAndTakenByWhoMayWriteTheDirectory() throws MetaException {
        as(ALICE);
        mkdir("/d");
        create("/d/f");
        as(BOB);
        assertFault(Kind.ACCESS_DENIED, () -> create("/d/x"));
        assertFault(Kind.ACCESS_DENIED, () -> mkdir("/d/x"));
        assertFault(Kind.ACCESS_DENIED, () -> symlink("/d/x", "y"));
        assertFault(Kind.ACCESS_DENIED, () -> link("/d/f", "/d/x"));
        assertFault(Kind.ACCESS_DENIED, () -> remove("/d/f", RemoveRequest.Kind.UNLINK));
        assertFault(Kind.ACCESS_DENIED, () -> rename("/d/f", "/x"));
        create("/mine");
        assertFault(Kind.ACCESS_DENIED, () -> rename("/mine", "/d/f"));
        assertFault(Kind.EXISTS, () -> mkdir("/d/f"));
        as(ALICE);
        chmod("/d", 0775);
        as(BOB);
        remove("/d/f", RemoveRequest.Kind.UNLINK);
        create("/d/x");
    }

    @Test
    void inAStickyDirectoryOnlyTheOwnerTakesANameAway() throws MetaException {
        as(ALICE);
        create("/f");
        mkdir("/shared");
        chmod("/shared", 01777);
        create("/shared/a");
        as(BOB);
        create("/shared/b");
        assertFault(Kind.NOT_PERMITTED, () -> remove("/f", RemoveRequest.Kind.UNLINK));
        assertFault(Kind.NOT_PERMITTED, () -> rename("/shared/a", "/shared/x"));
        assertFault(Kind.NOT_PERMITTED, () -> rename("/shared/b", "/shared/a"));
        assertFault(Kind.NOT_PERMITTED, () -> rename("/shared/b", "/shared/a", RenameRequest.Mode.EXCHANGE));
        rename("/shared/b", "/shared/c");
        as(ALICE);
        remove("/shared/c", RemoveRequest.Kind.UNLINK);
    }

    @Test
    void aDirectoryMayGiveItsGroup() throws MetaException {
        as(ALICE);
        mkdir("/d");
        chown("/d", 1000, 7);
        chmod("/d", 02775);
        Inode file = create("/d/f").inode();
        assertEquals(7, file.group());
        assertEquals(0, file.permissions() & 02000);
        Inode inner = mkdir("/d/e");
        assertEquals(7, inner.group());
        assertEquals(02755, inner.permissions());
        chmod("/d", 02777);
        as(BOB);
        Inode foreign = meta.create(
                        new CreateRequest(caller, PathAt.of("/d/g"), true, false, 02755, 0, 0, UUID.randomUUID()))
                .inode();
        assertEquals(0755, foreign.permissions(), "Bob is not in the group that the file gets");
    }

    @Test
    void attributesAreTheOwnersToChange() throws MetaException {
        as(ALICE);
        close(create("/f"), 0);
        chmod("/f", 06755);
        assertEquals(06755, stat("/f").permissions());
        assertEquals(0755, chown("/f", 1000, 7).permissions(), "what is given away does not act as its owner");
        assertFault(Kind.NOT_PERMITTED, () -> chown("/f", 1001, 7));
        assertFault(Kind.NOT_PERMITTED, () -> chown("/f", 1000, 200));
        as(BOB);
        assertFault(Kind.NOT_PERMITTED, () -> chmod("/f", 0777));
        assertFault(Kind.NOT_PERMITTED, () -> chown("/f", 1000, 100));
        as(ROOT);
        assertEquals(1001, chown("/f", 1001, 200).owner());
        as(BOB);
        assertEquals(0755, chmod("/f", 02755).permissions(), "of a group that is not his");
        assertFault(Kind.INVALID, () -> chmod("/f", 010000));
    }

    @Test
    void changedDirectoriesAreChangedForPathsToo() throws MetaException {
        as(ALICE);
        mkdir("/d");
        mkdir("/d/e");
        rename("/d/e", "/e");
        chmod("/e", 0700);
        as(BOB);
        assertFault(Kind.ACCESS_DENIED, () -> stat("/e/x"));
        as(ROOT);
        chown("/e", 1001, 100);
        chmod("/", 0700);
        as(BOB);
        assertFault(Kind.ACCESS_DENIED, () -> stat("/e"));
        as(ROOT);
        chmod("/", 0755);
        as(BOB);
        create("/e/x");
        assertFault(Kind.ACCESS_DENIED, () -> create("/x"));
    }

    @Test
    void timesAreSetByTheOwnerAndTouchedByWriters() throws MetaException {
        NewTime then = new NewTime.At(Instant.ofEpochSecond(5, 6));
        as(ALICE);
        close(create("/f"), 0);
        mkdir("/d");
        for (String path : List.of("/f", "/d")) {
            Inode set = meta.setAttributes(
                    change(path).accessed(then).modified(then).request());
            assertEquals(Instant.ofEpochSecond(5, 6), set.modified(), path);
            assertEquals(Instant.ofEpochSecond(5, 6), set.accessed());
            assertTrue(set.changed().isAfter(set.modified()));
            assertEquals(set, stat(path));
        }
        chmod("/f", 0666);
        as(BOB);
        assertFault(
                Kind.NOT_PERMITTED,
                () -> meta.setAttributes(change("/f").modified(then).request()));
        Inode touched =
                meta.setAttributes(change("/f").modified(new NewTime.Now()).request());
        assertTrue(touched.modified().isAfter(Instant.ofEpochSecond(5, 6)));
        as(ALICE);
        chmod("/f", 0644);
        as(BOB);
        assertFault(
                Kind.ACCESS_DENIED,
                () -> meta.setAttributes(
                        change("/f").modified(new NewTime.Now()).request()));
    }

    @Test
    void whoMovesADirectoryElsewhereMustBeAbleToWriteIt() throws MetaException {
        as(ALICE);
        mkdir("/open");
        chmod("/open", 0777);
        mkdir("/open/hers");
        as(BOB);
        mkdir("/his");
        assertFault(Kind.ACCESS_DENIED, () -> rename("/open/hers", "/his/x"));
        rename("/open/hers", "/open/y");
    }

    @Test
    void aTreeIsRemovedByWhoCouldRemoveItNameByName() throws MetaException {
        as(ALICE);
        meta.mkdir(new MkdirRequest(caller, PathAt.of("/t/u"), true, 0777, UUID.randomUUID()));
        chmod("/t", 0777);
        as(BOB);
        mkdir("/t/bobs");
        mkdir("/t/bobs/x");
        as(ALICE);
        assertFault(Kind.ACCESS_DENIED, () -> remove("/t", RemoveRequest.Kind.RECURSIVE));
        as(BOB);
        remove("/t/bobs/x", RemoveRequest.Kind.RECURSIVE);
        as(ALICE);
        remove("/t", RemoveRequest.Kind.RECURSIVE);
        assertFault(Kind.NOT_FOUND, () -> stat("/t"));
    }

    @Test
    void whatWasWrittenByOthersDoesNotActAsItsOwner() throws MetaException {
        as(ALICE);
        close(create("/f"), 0);
        chmod("/f", 04777);
        as(BOB);
        OpenReply opened = open("/f", OpenRequest.Mode.WRITE);
        assertEquals(04777, stat("/f").permissions());
        close(opened, 3);
        assertEquals(0777, stat("/f").permissions());
    }

    /** The permissions that count are those of the moment in which the work is done. */
    @Test
    void aPermissionTakenMeanwhileCounts() throws MetaException {
        as(ALICE);
        mkdir("/d");
        chmod("/d", 0777);
        MetaService slow = overtakenBy(() -> chmod("/d", 0755));
        Credentials bob = BOB;
        assertFault(
                Kind.ACCESS_DENIED,
                () -> slow.mkdir(new MkdirRequest(bob, PathAt.of("/d/x"), false, 0755, UUID.randomUUID())));
    }

    @Test
    void namesAreExchanged() throws MetaException {
        mkdir("/d");
        mkdir("/d/sub");
        Inode directory = stat("/d/sub");
        Inode file = create("/f").inode();
        rename("/f", "/d/sub", RenameRequest.Mode.EXCHANGE);
        assertSame(file, stat("/d/sub"));
        assertEquals(directory.inodeId(), stat("/f").inodeId());
        assertEquals(List.of(2, 4), List.of(stat("/d").links(), stat("/").links()));
        assertFault(Kind.NOT_FOUND, () -> rename("/f", "/none", RenameRequest.Mode.EXCHANGE));
        mkdir("/f/deep");
        assertFault(Kind.INVALID, () -> rename("/f/deep", "/f", RenameRequest.Mode.EXCHANGE));
        assertFault(Kind.INVALID, () -> rename("/f", "/f/deep", RenameRequest.Mode.EXCHANGE));
        rename("/f", "/f", RenameRequest.Mode.EXCHANGE);
    }

    @Test
    void aRenameMayBeForbiddenToReplace() throws MetaException {
        Inode file = create("/f").inode();
        create("/g");
        assertFault(Kind.EXISTS, () -> rename("/f", "/g", RenameRequest.Mode.NO_REPLACE));
        rename("/f", "/h", RenameRequest.Mode.NO_REPLACE);
        assertSame(file, stat("/h"));
    }
}
