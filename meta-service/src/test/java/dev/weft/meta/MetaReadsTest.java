package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.StatRequest;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;
import org.junit.jupiter.api.Test;

/** What operations cost in reads of the store. */
final class MetaReadsTest extends MetaFixture {
    private final CountingStore counting =
            new CountingStore(new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system()));

    @Override
    KeyValueStore open() {
        return counting;
    }

    private int readsOf(PathAt at) throws MetaException {
        int before = counting.reads.get();
        meta.stat(new StatRequest(user(1000, 100), at, true));
        return counting.reads.get() - before;
    }

    @Test
    void aStatByAKnownWayIsOneRead() throws MetaException {
        Inode a = mkdir("/a");
        mkdir("/a/b");
        Inode file = create("/a/b/c").inode();
        assertEquals(2, readsOf(PathAt.of("/a/b/c")), "the way is known, its end is not");
        assertEquals(1, readsOf(PathAt.of("/a/b/c")));
        assertEquals(1, readsOf(PathAt.of("/a/b")), "a directory's counters come with it");
        assertEquals(1, readsOf(new PathAt(a.inodeId(), "b")));
        assertEquals(1, readsOf(PathAt.inode(file.inodeId())));
        assertEquals(1, readsOf(PathAt.inode(a.inodeId())));
        symlink("/s", "a/b");
        readsOf(PathAt.of("/s/c"));
        assertEquals(2, readsOf(PathAt.of("/s/c")), "the link, and where it leads");
    }

    @Test
    void aStatByAnUnknownWayReadsEachNameOnceAndTheInode() throws Exception {
        mkdir("/a");
        mkdir("/a/b");
        create("/a/b/c");
        // Another one knows no ways.
        meta = new MetaServer(config, Environment.system(), store, () -> routing, Membership.alone(), chunks);
        assertEquals(4, readsOf(PathAt.of("/a/b/c")), "the root with the first name, two names, the inode");
    }

    @Test
    void aWayThatLeadsElsewhereByNowIsFollowedAsItIs() throws MetaException {
        mkdir("/a");
        mkdir("/a/b");
        create("/a/b/c");
        stat("/a/b/c");
        rename("/a/b", "/a/old");
        mkdir("/a/b");
        assertFault(Kind.NOT_FOUND, () -> stat("/a/b/c"));
        Inode next = create("/a/b/c").inode();
        assertEquals(next.inodeId(), stat("/a/b/c").inodeId());
        chmod("/a/b", 0);
        as(user(1000, 100));
        assertFault(Kind.ACCESS_DENIED, () -> stat("/a/b/c"));
    }

    @Test
    void aPageWithAttributesIsTwoReadsBesideItsDirectory() throws MetaException {
        mkdir("/a");
        for (int i = 0; i < 50; i++) {
            create("/a/file" + i);
        }
        mkdir("/a/directory");
        stat("/a");
        int before = counting.reads.get();
        ListReply page = meta.list(new ListRequest(user(1000, 100), PathAt.of("/a"), "", 100, true));
        assertEquals(51, page.entries().size());
        assertEquals(3, counting.reads.get() - before);
    }
}
