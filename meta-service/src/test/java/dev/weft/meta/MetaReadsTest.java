package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaException;
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
    void aStatReadsEachNameOnceAndTheInode() throws MetaException {
        Inode a = mkdir("/a");
        mkdir("/a/b");
        Inode file = create("/a/b/c").inode();
        assertEquals(5, readsOf(PathAt.of("/a/b/c")));
        assertEquals(4, readsOf(PathAt.of("/a/b")), "a directory's counters come with it");
        assertEquals(3, readsOf(new PathAt(a.inodeId(), "b")));
        assertEquals(1, readsOf(PathAt.inode(file.inodeId())));
        assertEquals(1, readsOf(PathAt.inode(a.inodeId())));
        symlink("/s", "a/b");
        assertEquals(7, readsOf(PathAt.of("/s/c")), "one for the link's name, one for its target");
    }
}
