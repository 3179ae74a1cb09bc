package dev.weft.meta.check;

import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import java.time.Instant;
import java.util.Optional;

/** The directory {@code /lost+found}, for root only, where what no name leads to gets one: its inode's number. */
final class LostAndFound {
    private static final String NAME = "lost+found";
    private static final int PERMISSIONS = 0700;

    private final Check.Place place;

    LostAndFound(Check.Place place) {
        this.place = place;
    }

    /** The directory's inode; makes it if it is not there. */
    long directory() throws InterruptedException {
        long newId = place.ids().next();
        return place.store().run(tx -> {
            Namespace namespace = new Namespace(tx);
            Optional<StoredEntry> there = namespace.entry(Namespace.ROOT_ID, NAME);
            if (there.isPresent() && there.get().isDirectory()) {
                return there.get().inodeId();
            }
            if (there.isPresent()) {
                throw new IllegalStateException("/" + NAME + " is no directory");
            }
            Instant now = place.environment().clock().instant();
            StoredContent content = new StoredContent.Directory(Namespace.ROOT_ID, NAME, 0, 0, Optional.empty());
            StoredInode made = StoredInode.of(new StoredAccess(PERMISSIONS, 0, 0), content, Namespace.ROOT_ID, now);
            namespace.quotas().chargeAgain(Namespace.ROOT_ID, 0);
            namespace.putInode(newId, made);
            attach(namespace, Namespace.ROOT_ID, NAME, StoredEntry.of(newId, made), now);
            return newId;
        });
    }

    /** Gives an inode its only name. */
    void put(Namespace namespace, long directoryId, long id, StoredInode inode) {
        Instant now = place.environment().clock().instant();
        String name = Long.toString(id);
        StoredContent content = inode.content();
        if (content instanceof StoredContent.Directory at) {
            namespace
                    .entry(at.parentId(), at.name())
                    .filter(old -> old.inodeId() == id)
                    .ifPresent(_ -> {
                        namespace.removeEntry(at.parentId(), at.name());
                        namespace.countDirectories(at.parentId(), -1);
                    });
            content = at.at(directoryId, name);
        }
        StoredInode found = inode.withContent(content, now).withLinks(1, now);
        namespace.putInode(id, found);
        attach(namespace, directoryId, name, StoredEntry.of(id, found), now);
    }

    private static void attach(Namespace namespace, long directoryId, String name, StoredEntry entry, Instant now) {
        namespace.putEntry(directoryId, name, entry);
        namespace.touch(directoryId, now);
        if (entry.isDirectory()) {
            namespace.countDirectories(directoryId, 1);
        }
    }
}
