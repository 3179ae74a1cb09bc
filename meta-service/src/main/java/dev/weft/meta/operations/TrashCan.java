package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.operations.Tree.Parent;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The caller's directory in {@code /.trash}, which nobody else may look into. Both are made when they are first needed.
 *
 * @param ids of the two, should they have to be made
 */
record TrashCan(Tree tree, List<Long> ids) {
    private static final String NAME = ".trash";
    private static final int PERMISSIONS = 0711;
    private static final int OWN_PERMISSIONS = 0700;

    /** Puts something in, which has lost its old name, under that name and its inode's id. */
    void put(StoredEntry entry, StoredInode inode, String oldName, Instant expiry) throws MetaException {
        Parent all = directory(Namespace.ROOT_ID, NAME, ids.getFirst(), new StoredAccess(PERMISSIONS, 0, 0));
        int user = tree.caller().user();
        StoredAccess own = new StoredAccess(OWN_PERMISSIONS, user, tree.caller().group());
        Parent mine = directory(all.inodeId(), Integer.toUnsignedString(user), ids.getLast(), own);
        String id = Long.toHexString(entry.inodeId());
        String name = oldName + "." + id;
        if (MetaPath.utf8Length(name) > MetaPath.NAME_BYTES_MAX) {
            name = id;
        }
        Optional<StoredEntry> there = tree.namespace().entry(mine.inodeId(), name);
        if (there.isPresent()) {
            // Another name of the same file: it is in the trash already.
            tree.release(entry, inode);
            return;
        }
        tree.place(mine, name, entry, inode);
        tree.namespace().expireAt(expiry, entry.inodeId(), mine.inodeId(), name);
    }

    private Parent directory(long parentId, String name, long newId, StoredAccess access) throws MetaException {
        Parent parent = parent(parentId);
        Optional<StoredEntry> entry = tree.namespace().entry(parentId, name);
        if (entry.isPresent()) {
            Parent found = parent(entry.get().inodeId());
            if (found.access().owner() != access.owner()) {
                throw Workplace.fault(Kind.NOT_PERMITTED, "'" + name + "' in the trash's place is someone else's");
            }
            return found;
        }
        StoredContent content = new StoredContent.Directory(parentId, name, 0, 0, Optional.empty());
        tree.add(parent, name, newId, StoredInode.of(access, content, parent.quota(), tree.now()));
        return parent(newId);
    }

    private Parent parent(long inodeId) throws MetaException {
        StoredInode inode = tree.namespace().inode(inodeId).orElseThrow();
        if (inode.content() instanceof StoredContent.Directory directory) {
            return new Parent(inodeId, inode, directory);
        }
        throw Workplace.fault(Kind.NOT_A_DIRECTORY, "inode " + inodeId + " is in the place of the trash");
    }
}
