package dev.weft.meta.operations;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.meta.operations.Place.Directory;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import java.time.Instant;

/** What one caller sees of the namespace, and may do to it, in one transaction. */
record Tree(Namespace namespace, PathHints hints, Credentials caller, Instant now) {
    /** Follows a path up to its last name, which may be missing; all before it must be directories. */
    Place find(PathAt at, boolean follow) throws MetaException {
        return new PathWalk(namespace, hints, caller, at, follow).go();
    }

    Inode seen(StoredEntry entry) {
        return namespace
                .seen(entry.inodeId(), entry.type())
                .orElseThrow(() -> new IllegalStateException("inode " + entry.inodeId() + " is missing"));
    }

    void require(StoredAccess access, int wanted, Object about) throws MetaException {
        Permissions.require(caller, access, wanted, about);
    }

    /** A directory in which a name is added, removed or changed, as it is in this transaction. */
    record Parent(long inodeId, StoredInode inode, StoredContent.Directory content) {
        StoredAccess access() {
            return inode.access();
        }

        /** What new inodes in it count against. */
        long quota() {
            return inode.quota();
        }
    }

    /** The directory in which a name may be added. */
    Parent requireMayAdd(Place place) throws MetaException {
        Directory directory = place.directory();
        require(directory.access(), Permissions.WRITE | Permissions.SEARCH, place.asked());
        StoredInode inode =
                namespace.inode(directory.inodeId()).orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, place.asked()));
        if (!(inode.content() instanceof StoredContent.Directory content)) {
            throw new IllegalStateException("inode " + directory.inodeId() + " has names but is no directory");
        }
        if (content.lockedBy().isPresent() && !content.lockedBy().get().equals(caller.client())) {
            throw Workplace.fault(
                    Kind.LOCKED,
                    "the directory of " + place.asked() + ", by client "
                            + content.lockedBy().get());
        }
        return new Parent(directory.inodeId(), inode, content);
    }

    /** The directory of which a name may be taken: in one with the sticky bit, by its owner and that of the file. */
    Parent requireMayRemove(Place place, StoredInode inode) throws MetaException {
        Parent parent = requireMayAdd(place);
        if (parent.access().has(StoredAccess.STICKY)
                && !Permissions.isOwner(caller, parent.access())
                && !Permissions.isOwner(caller, inode.access())) {
            throw Workplace.fault(Kind.NOT_PERMITTED, place.asked() + " is in a sticky directory");
        }
        return parent;
    }

    StoredAccess newAccess(Parent parent, int permissions, boolean directory) {
        return Permissions.ofNew(caller, parent.access(), permissions, directory);
    }

    /** Puts a new inode at a name that is free. */
    void add(Parent parent, String name, long inodeId, StoredInode inode) throws MetaException {
        namespace.quotas().charge(parent.quota(), 0);
        namespace.putInode(inodeId, inode);
        attach(parent, name, StoredEntry.of(inodeId, inode));
    }

    void attach(Parent parent, String name, StoredEntry entry) {
        namespace.putEntry(parent.inodeId(), name, entry);
        namespace.touch(parent.inodeId(), now);
        if (entry.isDirectory()) {
            namespace.countDirectories(parent.inodeId(), 1);
        }
    }

    void detach(Parent parent, String name, StoredEntry entry) {
        namespace.removeEntry(parent.inodeId(), name);
        namespace.touch(parent.inodeId(), now);
        if (entry.isDirectory()) {
            namespace.countDirectories(parent.inodeId(), -1);
        }
    }

    /** Gives an inode that lost its old name another one. */
    void place(Parent parent, String name, StoredEntry entry, StoredInode inode) throws MetaException {
        StoredContent content = inode.content() instanceof StoredContent.Directory directory
                ? directory.at(parent.inodeId(), name)
                : inode.content();
        StoredInode placed = inode.withContent(content, now);
        long quota = namespace.chargedTo(entry.inodeId(), inode);
        if (quota != parent.quota()) {
            // What hangs on a directory, or on other names, would have to be counted over one by one.
            if (inode.isDirectory() || inode.links() > 1) {
                throw Workplace.fault(Kind.OTHER_TREE, "'" + name + "' would count against another quota");
            }
            namespace.quotas().release(quota, inode.bytes());
            namespace.quotas().charge(parent.quota(), inode.bytes());
            placed = placed.withQuota(parent.quota());
        }
        namespace.putInode(entry.inodeId(), placed);
        attach(parent, name, entry);
    }

    /** One name of an inode is gone. */
    void release(StoredEntry entry, StoredInode inode) {
        namespace.release(entry, inode, now);
    }

    /** Stores an inode that is there with other permissions or owners, also where paths are followed. */
    void putAccess(long inodeId, StoredInode inode) {
        namespace.putInode(inodeId, inode);
        if (inode.content() instanceof StoredContent.Directory directory) {
            namespace.putEntry(directory.parentId(), directory.name(), StoredEntry.of(inodeId, inode));
        }
    }

    /** Whether {@code ancestor} is the directory itself or above it. */
    boolean isAtOrAbove(long ancestor, long directoryId) throws MetaException {
        for (long id = directoryId; id != 0; ) {
            if (id == ancestor) {
                return true;
            }
            StoredContent content = namespace
                    .inode(id)
                    .map(StoredInode::content)
                    .orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, "a directory above was removed"));
            id = content instanceof StoredContent.Directory directory ? directory.parentId() : 0;
        }
        return false;
    }
}
