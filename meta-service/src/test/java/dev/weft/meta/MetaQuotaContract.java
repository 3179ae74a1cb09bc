package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.LockDirectoryRequest;
import dev.weft.api.meta.LockDirectoryRequest.Mode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.SetLayoutRequest;
import dev.weft.api.meta.SetQuotaRequest;
import dev.weft.api.meta.Space;
import dev.weft.api.meta.SpaceRequest;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What directories say for all below them: quotas, layouts, locks. */
abstract class MetaQuotaContract extends MetaExtendedContract {
    private Space space(String path) throws MetaException {
        return meta.space(new SpaceRequest(caller, PathAt.of(path)));
    }

    private Space limit(String path, long inodes, long bytes) throws MetaException {
        return meta.setQuota(new SetQuotaRequest(caller, PathAt.of(path), inodes, bytes, UUID.randomUUID()));
    }

    private void assertUsed(long inodes, long bytes, String path) throws MetaException {
        Space space = space(path);
        assertEquals(List.of(inodes, bytes), List.of(space.inodes(), space.bytes()), path);
    }

    @Test
    void theWholeFileSystemIsCounted() throws Exception {
        assertEquals(new Space(Namespace.ROOT_ID, 0, 0, 0, 0), space("/"));
        mkdir("/d");
        OpenReply opened = create("/d/f");
        symlink("/s", "d");
        close(opened, 100);
        assertUsed(3, 100, "/");
        link("/d/f", "/g");
        truncate("/g", 40);
        assertUsed(3, 40, "/");
        remove("/g", RemoveRequest.Kind.UNLINK);
        assertUsed(3, 40, "/d/f");
        meta.create(new CreateRequest(caller, PathAt.of("/d/f"), false, true, 0644, 0, 0, UUID.randomUUID()));
        assertUsed(3, 0, "/");
        remove("/d", RemoveRequest.Kind.RECURSIVE);
        while (collector.collectOnce()) {
            // More may hang on it.
        }
        assertUsed(1, 0, "/");
        remove("/s", RemoveRequest.Kind.UNLINK);
        assertUsed(0, 0, "/");
    }

    @Test
    void aQuotaLimitsInodesExactly() throws Exception {
        mkdir("/q");
        Space set = limit("/q", 3, 0);
        assertEquals(new Space(stat("/q").inodeId(), 0, 0, 3, 0), set);
        mkdir("/q/d");
        OpenReply opened = create("/q/d/f");
        symlink("/q/s", "x");
        assertFault(Kind.QUOTA_EXCEEDED, () -> create("/q/d/g"));
        assertFault(Kind.QUOTA_EXCEEDED, () -> mkdir("/q/e"));
        create("/outside");
        assertFault(Kind.QUOTA_EXCEEDED, () -> rename("/outside", "/q/x"));
        close(opened, 5);
        rename("/q/d/f", "/moved");
        assertUsed(2, 0, "/q");
        assertUsed(5, 5, "/");
        rename("/outside", "/q/x");
        assertUsed(3, 0, "/q");
        limit("/q", 0, 0);
        create("/q/y");
    }

    @Test
    void createsThatRaceDoNotExceedAQuota() throws Exception {
        mkdir("/q");
        limit("/q", 1, 0);
        MetaService slow = overtakenBy(() -> create("/q/a"));
        assertFault(
                Kind.QUOTA_EXCEEDED,
                () -> slow.mkdir(new MkdirRequest(caller, PathAt.of("/q/b"), false, 0755, UUID.randomUUID())));
        assertUsed(1, 0, "/q");
    }

    @Test
    void aFullTreeIsNotOpenedForWriting() throws Exception {
        mkdir("/q");
        limit("/q", 0, 100);
        OpenReply opened = create("/q/f");
        sync(opened, 90);
        OpenReply other = create("/q/g");
        close(opened, 150);
        assertUsed(2, 150, "/q");
        assertFault(Kind.QUOTA_EXCEEDED, () -> open("/q/f", OpenRequest.Mode.WRITE));
        assertFault(Kind.QUOTA_EXCEEDED, () -> create("/q/h"));
        assertFault(Kind.QUOTA_EXCEEDED, () -> truncate("/q/g", 1));
        open("/q/f", OpenRequest.Mode.READ);
        truncate("/q/f", 10);
        assertFault(Kind.QUOTA_EXCEEDED, () -> truncate("/q/g", 91));
        truncate("/q/g", 90);
        truncate("/q/g", 0);
        close(other, 0);
        create("/q/h");
    }

    @Test
    void quotasLieInEachOther() throws Exception {
        mkdir("/q");
        limit("/q", 4, 0);
        mkdir("/q/inner");
        limit("/q/inner", 10, 0);
        close(create("/q/inner/a"), 7);
        create("/q/inner/b");
        assertUsed(2, 7, "/q/inner");
        assertUsed(3, 7, "/q");
        create("/q/c");
        assertFault(Kind.QUOTA_EXCEEDED, () -> create("/q/inner/d"));
        assertFault(Kind.OTHER_TREE, () -> link("/q/c", "/q/inner/c"));
        assertFault(Kind.OTHER_TREE, () -> rename("/q/inner", "/inner"));
        rename("/q/inner", "/q/renamed");
        remove("/q/renamed", RemoveRequest.Kind.RECURSIVE);
        while (collector.collectOnce()) {
            // The directory goes when nothing counts against it.
        }
        assertUsed(1, 0, "/q");
        assertUsed(2, 0, "/");
        assertEquals(2, quotasStored(), "of the root and of /q");
    }

    private long quotasStored() {
        return storedInodes().stream()
                .filter(inodeId -> stored(Keys.wholeQuota(inodeId)) > 0)
                .count();
    }

    @Test
    void quotasAreRootsToGive() throws Exception {
        mkdir("/q");
        chmod("/q", 0777);
        create("/q/f");
        assertFault(Kind.NOT_EMPTY, () -> limit("/q", 1, 0));
        assertFault(Kind.INVALID, () -> limit("/q", -1, 0));
        assertFault(Kind.NOT_A_DIRECTORY, () -> limit("/q/f", 1, 0));
        limit("/", 100, 0);
        as(user(1000, 100));
        assertFault(Kind.NOT_PERMITTED, () -> limit("/", 0, 0));
    }

    @Test
    void newFilesAreLaidOutAsTheirDirectorySays() throws Exception {
        mkdir("/d");
        meta.setLayout(new SetLayoutRequest(caller, PathAt.of("/d"), 64 << 10, 2, UUID.randomUUID()));
        mkdir("/d/e");
        Inode file = create("/d/e/f").inode();
        assertEquals(64 << 10, file.layout().orElseThrow().chunkSize());
        assertEquals(2, file.layout().orElseThrow().chains().size());
        Inode own = meta.create(new CreateRequest(
                        caller, PathAt.of("/d/g"), true, false, 0644, 128 << 10, 0, UUID.randomUUID()))
                .inode();
        assertEquals(128 << 10, own.layout().orElseThrow().chunkSize());
        assertEquals(2, own.layout().orElseThrow().chains().size());
        assertFault(
                Kind.INVALID,
                () -> meta.setLayout(new SetLayoutRequest(caller, PathAt.of("/d"), 1000, 0, UUID.randomUUID())));
        as(user(1000, 100));
        assertFault(
                Kind.NOT_PERMITTED,
                () -> meta.setLayout(new SetLayoutRequest(caller, PathAt.of("/d"), 0, 0, UUID.randomUUID())));
    }

    private void lock(String path, Mode mode) throws MetaException {
        meta.lockDirectory(new LockDirectoryRequest(caller, PathAt.of(path), mode, UUID.randomUUID()));
    }

    @Test
    void aLockedDirectoryIsOneClientsToChange() throws Exception {
        Credentials other = new Credentials(new UUID(0, 2), 0, 0, List.of());
        mkdir("/d");
        create("/d/f");
        mkdir("/d/e");
        lock("/d", Mode.LOCK);
        lock("/d", Mode.LOCK);
        create("/d/g");
        as(other);
        assertFault(Kind.LOCKED, () -> create("/d/x"));
        assertFault(Kind.LOCKED, () -> remove("/d/f", RemoveRequest.Kind.UNLINK));
        assertFault(Kind.LOCKED, () -> rename("/d/f", "/f"));
        create("/x");
        assertFault(Kind.LOCKED, () -> rename("/x", "/d/x"));
        assertFault(Kind.LOCKED, () -> lock("/d", Mode.LOCK));
        create("/d/e/below");
        create("/d/f");
        lock("/d", Mode.UNLOCK);
        assertFault(Kind.LOCKED, () -> mkdir("/d/x"));
        lock("/d", Mode.PREEMPT);
        mkdir("/d/x");
        as(ROOT);
        assertFault(Kind.LOCKED, () -> mkdir("/d/y"));
        lock("/d", Mode.CLEAR);
        mkdir("/d/y");
        as(user(1000, 100));
        assertFault(Kind.ACCESS_DENIED, () -> lock("/d", Mode.LOCK));
        assertFault(Kind.NOT_PERMITTED, () -> lock("/d", Mode.CLEAR));
        assertFault(Kind.NOT_A_DIRECTORY, () -> lock("/d/f", Mode.LOCK));
    }
}
