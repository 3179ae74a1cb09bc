package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.BatchStatRequest;
import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.LinkRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RealPathRequest;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.StatRequest;
import dev.weft.api.meta.StatResult;
import dev.weft.api.meta.SymlinkRequest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Symbolic links, hard links and the ways to name something. */
abstract class MetaLinkContract extends MetaFixture {
    @Test
    void aSymbolicLinkLeadsOn() throws MetaException {
        mkdir("/d");
        Inode file = create("/d/f").inode();
        symlink("/to", "d/f");
        symlink("/d/up", "../d/./f");
        symlink("/dir", "/d/");
        for (String path : List.of("/to", "/d/up", "/dir/f", "/dir/up", "/dir/../to", "/d/..//to", "/../d/f")) {
            assertEquals(file, stat(path), path);
        }
        Inode link = lstat("/to");
        assertEquals(FileType.SYMLINK, link.type());
        assertEquals(Optional.of("d/f"), link.target());
        assertEquals(3, link.length());
        assertEquals(FileType.SYMLINK, lstat("/dir").type());
        assertEquals(FileType.DIRECTORY, lstat("/dir/").type());
        assertFault(Kind.NOT_A_DIRECTORY, () -> stat("/to/"));
        assertFault(Kind.EXISTS, () -> symlink("/to", "x"));
        assertFault(Kind.NOT_FOUND, () -> symlink("/x", ""));
        assertFault(Kind.NAME_TOO_LONG, () -> symlink("/x", "a/".repeat(2048)));
    }

    @Test
    void linksThatGoRoundAreGivenUp() throws MetaException {
        symlink("/a", "b");
        symlink("/b", "/a");
        assertFault(Kind.LINK_LOOP, () -> stat("/a"));
        assertFault(Kind.LINK_LOOP, () -> stat("/b/c"));
        create("/l0");
        for (int i = 1; i <= 41; i++) {
            symlink("/l" + i, "l" + (i - 1));
        }
        assertEquals(FileType.FILE, stat("/l40").type());
        assertFault(Kind.LINK_LOOP, () -> stat("/l41"));
    }

    @Test
    void creatingThroughALinkThatLeadsNowhereCreatesItsTarget() throws MetaException {
        mkdir("/d");
        symlink("/to", "d/new");
        assertFault(Kind.NOT_FOUND, () -> stat("/to"));
        assertFault(
                Kind.EXISTS,
                () -> meta.create(
                        new CreateRequest(caller, PathAt.of("/to"), true, false, 0644, 0, 0, UUID.randomUUID())));
        Inode made = create("/to").inode();
        assertEquals(made, stat("/d/new"));
        assertFault(Kind.EXISTS, () -> mkdir("/to"));
    }

    @Test
    void removingAndRenamingTakeTheLinkItself() throws Exception {
        mkdir("/d");
        Inode file = create("/d/f").inode();
        symlink("/to", "d/f");
        symlink("/dir", "d");
        rename("/to", "/moved");
        assertEquals(file, stat("/moved"));
        remove("/moved", RemoveRequest.Kind.UNLINK);
        assertFault(Kind.NOT_A_DIRECTORY, () -> remove("/dir", RemoveRequest.Kind.RMDIR));
        remove("/dir", RemoveRequest.Kind.RECURSIVE);
        assertEquals(file, stat("/d/f"));
        assertTrue(collector.collectOnce());
        assertEquals(3, storedInodes().size());
    }

    @Test
    void aHardLinkIsOneMoreNameOfTheFile() throws Exception {
        OpenReply opened = create("/f");
        mkdir("/d");
        assertEquals(2, link("/f", "/d/g").links());
        close(opened, 7);
        assertEquals(stat("/f"), stat("/d/g"));
        assertEquals(7, stat("/d/g").length());
        remove("/f", RemoveRequest.Kind.UNLINK);
        assertFalse(collector.collectOnce(), "it has a name yet");
        assertEquals(1, stat("/d/g").links());
        rename("/d/g", "/h");
        link("/h", "/i");
        rename("/h", "/i");
        assertEquals(List.of("d", "h", "i"), names("/"), "two names of one file: nothing is done");
        remove("/h", RemoveRequest.Kind.UNLINK);
        remove("/i", RemoveRequest.Kind.UNLINK);
        assertEquals(
                0,
                meta.stat(new StatRequest(caller, PathAt.inode(opened.inode().inodeId()), true))
                        .links());
        assertTrue(collector.collectOnce());
        assertEquals(2, storedInodes().size());
    }

    @Test
    void whatCannotHaveAnotherNameIsRefused() throws MetaException {
        mkdir("/d");
        OpenReply opened = create("/f");
        assertFault(Kind.NOT_PERMITTED, () -> link("/d", "/e"));
        assertFault(Kind.EXISTS, () -> link("/f", "/d"));
        assertFault(Kind.NOT_FOUND, () -> link("/x", "/y"));
        remove("/f", RemoveRequest.Kind.UNLINK);
        PathAt removed = PathAt.inode(opened.inode().inodeId());
        assertFault(
                Kind.NOT_FOUND,
                () -> meta.link(new LinkRequest(caller, removed, PathAt.of("/back"), UUID.randomUUID())));
    }

    @Test
    void aFileWithSeveralNamesIsEmptiedWhereItIs() throws MetaException {
        OpenReply opened = create("/f");
        sync(opened, 9);
        link("/f", "/g");
        Inode emptied = meta.create(
                        new CreateRequest(caller, PathAt.of("/f"), false, true, 0644, 0, 0, UUID.randomUUID()))
                .inode();
        assertEquals(opened.inode().inodeId(), emptied.inodeId());
        assertEquals(emptied, stat("/g"));
        assertEquals(0L, chunks.lengths.get(emptied.inodeId()));
        sync(opened, 9);
        assertEquals(0, stat("/g").length(), "what was written before is gone");
    }

    @Test
    void openingMayEmptyTheFile() throws MetaException {
        OpenReply first = create("/f");
        close(first, 9);
        OpenRequest request = new OpenRequest(caller, PathAt.of("/f"), OpenRequest.Mode.WRITE, true, UUID.randomUUID());
        OpenReply emptied = meta.open(request);
        assertEquals(0, emptied.inode().length());
        assertEquals(first.inode().inodeId(), emptied.inode().inodeId());
        sync(emptied, 5);
        assertEquals(emptied, meta.open(request), "a repetition empties nothing again");
        assertEquals(5, stat("/f").length());
    }

    @Test
    void directoriesCountTheirDirectories() throws Exception {
        mkdir("/a");
        mkdir("/b");
        mkdir("/a/x");
        create("/a/f");
        assertEquals(4, stat("/").links());
        assertEquals(3, stat("/a").links());
        rename("/a/x", "/b/x");
        assertEquals(2, stat("/a").links());
        assertEquals(3, stat("/b").links());
        remove("/b", RemoveRequest.Kind.RECURSIVE);
        assertEquals(3, stat("/").links());
        collector.collectOnce();
        assertEquals(3, stat("/").links());
    }

    @Test
    void aDirectoryIsModifiedWhenANameInItIs() throws MetaException {
        mkdir("/d");
        Instant made = stat("/d").modified();
        create("/d/f");
        Instant created = stat("/d").modified();
        assertTrue(created.isAfter(made));
        truncate("/d/f", 3);
        assertEquals(created, stat("/d").modified());
        remove("/d/f", RemoveRequest.Kind.UNLINK);
        assertTrue(stat("/d").modified().isAfter(created));
        assertEquals(stat("/d").modified(), stat("/d").changed());
    }

    @Test
    void aNameIsLookedUpInADirectory() throws MetaException {
        Inode directory = mkdir("/d");
        Inode file = create("/d/f").inode();
        PathAt place = new PathAt(directory.inodeId(), "f");
        assertEquals(file, meta.stat(new StatRequest(caller, place, false)));
        assertEquals(file, meta.stat(new StatRequest(caller, PathAt.inode(file.inodeId()), false)));
        PathAt up = new PathAt(directory.inodeId(), "../d/f");
        assertEquals(file, meta.stat(new StatRequest(caller, up, false)));
        PathAt wrong = new PathAt(file.inodeId(), "x");
        assertFault(Kind.NOT_A_DIRECTORY, () -> meta.stat(new StatRequest(caller, wrong, false)));
        remove("/d", RemoveRequest.Kind.RECURSIVE);
        assertFault(Kind.NOT_FOUND, () -> meta.stat(new StatRequest(caller, place, false)));
        assertFault(
                Kind.NOT_FOUND,
                () -> meta.mkdir(new MkdirRequest(
                        caller, new PathAt(directory.inodeId(), "late"), false, 0755, UUID.randomUUID())));
    }

    @Test
    void manyAreAskedForAtOnce() throws MetaException {
        Inode file = create("/f").inode();
        List<PathAt> places = List.of(PathAt.of("/f"), PathAt.of("/none"), PathAt.of("/f/x"));
        List<StatResult> results =
                meta.batchStat(new BatchStatRequest(caller, places, true)).results();
        assertEquals(new StatResult.Found(file), results.getFirst());
        List<Kind> refused = results.stream()
                .filter(StatResult.Refused.class::isInstance)
                .map(result -> ((StatResult.Refused) result).fault().kind())
                .toList();
        assertEquals(List.of(Kind.NOT_FOUND, Kind.NOT_A_DIRECTORY), refused);
        List<PathAt> tooMany = Collections.nCopies(1001, PathAt.of("/"));
        assertFault(Kind.INVALID, () -> meta.batchStat(new BatchStatRequest(caller, tooMany, true)));
    }

    @Test
    void theRealPathHasNoLinks() throws MetaException {
        meta.mkdir(new MkdirRequest(caller, PathAt.of("/a/b"), true, 0755, UUID.randomUUID()));
        Inode directory = stat("/a/b");
        create("/a/b/f");
        symlink("/to", "a/b");
        assertEquals("/a/b/f", realPath(PathAt.of("/to/../b/./f")));
        assertEquals("/a/b", realPath(PathAt.of("/to")));
        assertEquals("/", realPath(PathAt.of("/to/../..")));
        rename("/a", "/z");
        assertEquals("/z/b", realPath(PathAt.inode(directory.inodeId())));
        assertFault(Kind.NOT_FOUND, () -> realPath(PathAt.of("/to")));
    }

    private String realPath(PathAt at) throws MetaException {
        return meta.realPath(new RealPathRequest(caller, at)).path();
    }

    @Test
    void mkdirWithParentsGoesThroughLinks() throws MetaException {
        mkdir("/d");
        symlink("/to", "d");
        Inode made = meta.mkdir(new MkdirRequest(caller, PathAt.of("/to/x/y"), true, 0755, UUID.randomUUID()));
        assertEquals(made, stat("/d/x/y"));
    }

    @Test
    void repetitionsOfLinksFindTheirWorkDone() throws MetaException {
        create("/f");
        SymlinkRequest symlink = new SymlinkRequest(caller, PathAt.of("/s"), "f", UUID.randomUUID());
        assertEquals(meta.symlink(symlink), meta.symlink(symlink));
        LinkRequest link = new LinkRequest(caller, PathAt.of("/f"), PathAt.of("/g"), UUID.randomUUID());
        assertEquals(meta.link(link), meta.link(link));
        assertEquals(2, stat("/f").links());
    }
}
