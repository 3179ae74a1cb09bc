package dev.weft.meta.check;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckFinding.Kind;
import dev.weft.kv.KeyRange;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredEntryCodec;
import dev.weft.meta.schema.StoredInode;
import java.util.Optional;

/** Names against the inodes that they lead to, and the directories that they are in. */
final class EntryCheck {
    private final Check.Place place;
    private final Report report;

    EntryCheck(Check.Place place, Report report) {
        this.place = place;
        this.report = report;
    }

    /** What is wrong with a name, and what mends it. */
    private record Damage(Kind kind, long inodeId, String message, Mending mending) {}

    /** Done in the transaction that saw the damage. */
    @FunctionalInterface
    private interface Mending {
        void in(Namespace namespace);
    }

    void run() throws InterruptedException {
        try (SnapshotView view = new SnapshotView(place.store().begin())) {
            Namespace seen = new Namespace(view);
            view.forEach(KeyRange.prefix(Keys.ENTRIES), found -> {
                report.looked();
                long parentId = Keys.parentOf(found.key());
                String name = Keys.nameOf(found.key());
                StoredEntry entry = Records.decode(StoredEntryCodec.CODEC, found.value());
                if (damage(seen, parentId, name, entry).isPresent()) {
                    again(parentId, name);
                }
            });
        }
    }

    /** Looks at a name as it is now, and mends it. */
    private void again(long parentId, String name) throws InterruptedException {
        Optional<Damage> damage = place.store().run(tx -> {
            Namespace now = new Namespace(tx);
            Optional<Damage> wrong = now.entry(parentId, name).flatMap(entry -> damage(now, parentId, name, entry));
            if (place.repair()) {
                wrong.ifPresent(one -> one.mending().in(now));
            }
            return wrong;
        });
        if (damage.isPresent()) {
            Damage one = damage.get();
            report.found(new CheckFinding(one.kind(), one.inodeId(), one.message(), place.repair()));
        }
    }

    private static Optional<Damage> damage(Namespace namespace, long parentId, String name, StoredEntry entry) {
        String what = "'" + name + "' in inode " + parentId;
        Mending forget = now -> now.removeEntry(parentId, name);
        boolean root = parentId == 0 && name.isEmpty() && entry.inodeId() == Namespace.ROOT_ID;
        if (!root && namespace.inode(parentId).filter(StoredInode::isDirectory).isEmpty()) {
            return dangling(entry, what + ", which is no directory", forget);
        }
        Optional<StoredInode> inode = namespace.inode(entry.inodeId());
        if (inode.isEmpty()) {
            return dangling(entry, what + " leads to inode " + entry.inodeId() + ", which is not there", forget);
        }
        if (inode.get().content() instanceof StoredContent.Directory at
                && (at.parentId() != parentId || !at.name().equals(name))) {
            return secondName(namespace, entry, inode.get(), at, parentId, name);
        }
        StoredEntry right = StoredEntry.of(entry.inodeId(), inode.get());
        if (!entry.equals(right)) {
            return Optional.of(new Damage(
                    Kind.WRONG_ENTRY,
                    entry.inodeId(),
                    what + " says " + text(entry) + " of an inode that is " + text(right),
                    now -> now.putEntry(parentId, name, right)));
        }
        return Optional.empty();
    }

    private static Optional<Damage> dangling(StoredEntry entry, String message, Mending mending) {
        return Optional.of(new Damage(Kind.DANGLING_ENTRY, entry.inodeId(), message, mending));
    }

    /** A directory says where its only name is; if there is one, this is another. */
    private static Optional<Damage> secondName(
            Namespace namespace,
            StoredEntry entry,
            StoredInode inode,
            StoredContent.Directory at,
            long parentId,
            String name) {
        String what = "'" + name + "' in inode " + parentId;
        boolean named = namespace
                .entry(at.parentId(), at.name())
                .filter(other -> other.inodeId() == entry.inodeId())
                .isPresent();
        if (named) {
            String message =
                    what + " is a second name of a directory that is '" + at.name() + "' in inode " + at.parentId();
            return dangling(entry, message, now -> now.removeEntry(parentId, name));
        }
        StoredInode moved = new StoredInode(
                inode.access(),
                inode.links(),
                inode.created(),
                inode.accessed(),
                inode.modified(),
                inode.changed(),
                at.at(parentId, name),
                inode.quota());
        return Optional.of(new Damage(
                Kind.WRONG_ENTRY,
                entry.inodeId(),
                what + " leads to a directory that takes itself for '" + at.name() + "' in inode " + at.parentId(),
                now -> now.putInode(entry.inodeId(), moved)));
    }

    private static String text(StoredEntry entry) {
        return entry.type()
                + entry.access()
                        .map(access ->
                                String.format(" %04o %d:%d", access.permissions(), access.owner(), access.group()))
                        .orElse("");
    }
}
