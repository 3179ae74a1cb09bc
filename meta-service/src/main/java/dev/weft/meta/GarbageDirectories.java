package dev.weft.meta;

import dev.weft.kv.KeyValueStore;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredInode;
import dev.weft.rpc.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Takes removed directories apart: their entries become garbage themselves, a page of them in one transaction, and the last
 * one takes the directory's inode along. Who dies on the way leaves the rest where another server finds it.
 */
final class GarbageDirectories {
    /** Entries moved by one transaction, which reads the inode of each. */
    private static final int PAGE = 256;

    /** Pages taken out of one directory before others have their turn. */
    private static final int PAGES = 64;

    private final KeyValueStore store;
    private final Clock clock;
    private final Counters counters;

    GarbageDirectories(KeyValueStore store, Clock clock, Counters counters) {
        this.store = store;
        this.clock = clock;
        this.counters = counters;
    }

    private enum Step {
        NOTHING_DONE,
        PAGE_MOVED,
        GONE
    }

    /** Whether anything could be done. */
    boolean collect(Garbage directory) throws InterruptedException {
        Step step = Step.PAGE_MOVED;
        int pages = 0;
        while (step == Step.PAGE_MOVED && pages < PAGES) {
            step = movePage(directory);
            pages++;
        }
        if (step == Step.GONE) {
            counters.directoriesCollected.increment();
        }
        return step != Step.NOTHING_DONE || pages > 1;
    }

    private Step movePage(Garbage directory) throws InterruptedException {
        return store.run(tx -> {
            Namespace namespace = new Namespace(tx);
            Optional<StoredInode> inode = namespace.inode(directory.inodeId());
            if (tx.get(directory.key()).isEmpty()) {
                return Step.NOTHING_DONE;
            }
            if (inode.isEmpty()) {
                tx.remove(directory.key());
                return Step.GONE;
            }
            List<Namespace.Named> children = namespace.entries(directory.inodeId(), "", PAGE);
            for (Namespace.Named child : children) {
                namespace.removeEntry(directory.inodeId(), child.name());
                Optional<StoredInode> removed = namespace.inode(child.entry().inodeId());
                if (removed.isPresent()) {
                    namespace.release(child.entry(), removed.get(), clock.instant());
                }
            }
            if (children.size() < PAGE && namespace.removeDirectory(directory.inodeId(), inode.get())) {
                tx.remove(directory.key());
                return Step.GONE;
            }
            return children.isEmpty() ? Step.NOTHING_DONE : Step.PAGE_MOVED;
        });
    }
}
