package dev.weft.meta.check;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckFinding.Kind;
import dev.weft.api.meta.MetaException;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredEntryCodec;
import dev.weft.meta.schema.StoredGarbageCodec;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredInodeCodec;
import java.util.List;
import java.util.Optional;

/**
 * Inodes against the names that lead to them: for a window of inodes at a time, all names are counted. What was counted at a
 * moment holds as long as the inode is as it was then, since each change of a file's names changes its inode as well.
 */
final class InodeCheck {
    /** Inodes of which names are counted together: some 5 MB. All names are read once for each such window. */
    private static final int WINDOW = 250_000;

    private final Check.Place place;
    private final Report report;
    private final LostAndFound lostAndFound;
    /** One that is there: most inodes count against the same as the one before. */
    private long lastQuota;

    private final InodeWindow window = new InodeWindow(WINDOW);

    InodeCheck(Check.Place place, Report report) {
        this.place = place;
        this.report = report;
        this.lostAndFound = new LostAndFound(place);
    }

    void run() throws MetaException, InterruptedException {
        try (SnapshotView view = new SnapshotView(place.store().begin())) {
            Ancestors ancestors = new Ancestors(new Namespace(view));
            KeyRange rest = KeyRange.prefix(Keys.INODES);
            while (!rest.isEmpty()) {
                KeyRange part = fill(view, rest);
                count(view);
                view.forEach(part, found -> look(view, found, ancestors));
                rest = new KeyRange(part.end(), rest.end());
            }
        }
    }

    /** Takes as many inodes as there is room for; returns the range that they are in. */
    private KeyRange fill(SnapshotView view, KeyRange rest) {
        window.clear();
        KeyRange left = rest;
        while (!left.isEmpty() && !window.isFull()) {
            List<KeyValue> page = view.snapshotRange(left, 1000);
            for (KeyValue found : page) {
                if (Keys.isInode(found.key()) && !window.isFull()) {
                    window.add(Keys.inodeOf(found.key()));
                }
            }
            left = page.size() < 1000
                    ? new KeyRange(left.end(), left.end())
                    : left.after(page.getLast().key());
        }
        Bytes end = window.isFull() ? Keys.wholeInode(window.last()).end() : rest.end();
        return new KeyRange(rest.begin(), end);
    }

    private void count(SnapshotView view) throws InterruptedException {
        view.forEach(KeyRange.prefix(Keys.ENTRIES), found -> {
            StoredEntry entry = Records.decode(StoredEntryCodec.CODEC, found.value());
            window.countName(entry.inodeId());
            if (entry.isDirectory()) {
                window.countDirectoryIn(Keys.parentOf(found.key()));
            }
        });
        view.forEach(
                KeyRange.prefix(Keys.GARBAGE),
                found -> window.noteQueued(
                        Records.decode(StoredGarbageCodec.CODEC, found.value()).inodeId()));
    }

    private void look(SnapshotView view, KeyValue found, Ancestors ancestors) throws InterruptedException {
        if (!Keys.isInode(found.key())) {
            return;
        }
        report.looked();
        long id = Keys.inodeOf(found.key());
        StoredInode inode = Records.decode(StoredInodeCodec.CODEC, found.value());
        int names = window.names(id);
        if (inode.links() == 0 && names == 0) {
            if (!window.isQueued(id)) {
                mend(id, inode, Kind.LOST_GARBAGE, "was removed, and is not in the garbage queue", namespace -> {
                    namespace.discard(id, inode.type());
                });
            }
        } else if (names == 0) {
            unreachable(id, inode, "has " + inode.links() + " links and no name");
        } else if (inode.links() != names && !inode.isDirectory()) {
            wrongLinks(id, inode, names);
        } else if (inode.isDirectory()) {
            if (inode.links() != 1) {
                wrongLinks(id, inode, 1);
            } else if (ancestors.isLoop(id)) {
                unreachable(id, inode, "is below itself");
            }
            countDirectories(view, id, inode);
        }
        if (inode.links() > 0 && names > 0 && !hasQuota(view, inode.quota())) {
            String message = "counts against the quota of inode " + inode.quota() + ", which has none";
            mend(id, inode, Kind.WRONG_QUOTA, message, namespace -> {
                namespace.putInode(id, inode.withQuota(Namespace.ROOT_ID));
                namespace.quotas().chargeAgain(Namespace.ROOT_ID, inode.bytes());
            });
        }
    }

    private boolean hasQuota(SnapshotView view, long id) {
        if (lastQuota != id && new Namespace(view).quotas().find(id).isPresent()) {
            lastQuota = id;
        }
        return lastQuota == id;
    }

    /** Done in a transaction that has read the inode, and found it as it was. */
    @FunctionalInterface
    private interface Mending {
        void in(Namespace namespace);
    }

    private void mend(long id, StoredInode inode, Kind kind, String message, Mending mending)
            throws InterruptedException {
        boolean still = place.store().run(tx -> {
            Namespace namespace = new Namespace(tx);
            boolean same = namespace.inode(id).equals(Optional.of(inode));
            if (same && place.repair()) {
                mending.in(namespace);
            }
            return same;
        });
        if (still) {
            report.found(new CheckFinding(kind, id, "inode " + id + " " + message, place.repair()));
        }
    }

    private void wrongLinks(long id, StoredInode inode, int names) throws InterruptedException {
        mend(
                id,
                inode,
                Kind.WRONG_LINKS,
                "has " + inode.links() + " links and " + names + (names == 1 ? " name" : " names"),
                namespace -> {
                    namespace.putInode(
                            id,
                            inode.withLinks(names, place.environment().clock().instant()));
                    if (inode.links() == 0) {
                        namespace.quotas().chargeAgain(namespace.chargedTo(id, inode), inode.bytes());
                    }
                });
    }

    private void unreachable(long id, StoredInode inode, String message) throws InterruptedException {
        if (id == Namespace.ROOT_ID) {
            report.found(new CheckFinding(Kind.UNREACHABLE_INODE, id, "the root has no name", false));
            return;
        }
        Optional<Long> keeper = place.repair() ? Optional.of(lostAndFound.directory()) : Optional.empty();
        mend(
                id,
                inode,
                Kind.UNREACHABLE_INODE,
                message,
                namespace -> lostAndFound.put(namespace, keeper.orElseThrow(), id, inode));
    }

    /** The count is added to without being read: what it was off by then, it is off by now. */
    private void countDirectories(SnapshotView view, long id, StoredInode inode) throws InterruptedException {
        long counted = view.get(Keys.directoryCount(id)).map(Bytes::counter).orElse(0L);
        long there = window.directoriesIn(id);
        if (counted == there || inode.links() == 0) {
            return;
        }
        boolean still = place.store().run((Transaction tx) -> {
            boolean exists = tx.get(Keys.inode(id)).isPresent();
            if (exists && place.repair()) {
                tx.add(Keys.directoryCount(id), there - counted);
            }
            return exists;
        });
        if (still) {
            String message = "inode " + id + " counts " + counted + " directories in it and has " + there;
            report.found(new CheckFinding(Kind.WRONG_DIRECTORY_COUNT, id, message, place.repair()));
        }
    }
}
