package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Whether the caller might remove a tree name by name. Looked at are its first {@link #ENTRIES_MAX} entries, so that
 * removing a tree costs the same whatever its size; of the rest it is taken to be as of those. Root is not asked.
 */
record TreeRemovalCheck(Tree tree) {
    static final int ENTRIES_MAX = 1024;

    private static final int WANTED = Permissions.READ | Permissions.WRITE | Permissions.SEARCH;

    void check(StoredEntry top, Object about) throws MetaException {
        if (tree.caller().isRoot()) {
            return;
        }
        Deque<StoredEntry> directories = new ArrayDeque<>();
        directories.add(top);
        int left = ENTRIES_MAX;
        while (!directories.isEmpty() && left > 0) {
            StoredEntry directory = directories.remove();
            if (!directory.isDirectory()) {
                continue;
            }
            List<Namespace.Named> children = tree.namespace().entries(directory.inodeId(), "", left);
            left -= children.size();
            if (!children.isEmpty()) {
                check(directory.access().orElseThrow(), children, about);
            }
            children.forEach(child -> directories.add(child.entry()));
        }
    }

    private void check(StoredAccess directory, List<Namespace.Named> children, Object about) throws MetaException {
        tree.require(directory, WANTED, "a directory in " + about);
        if (!directory.has(StoredAccess.STICKY) || Permissions.isOwner(tree.caller(), directory)) {
            return;
        }
        for (Namespace.Named child : children) {
            StoredAccess access = tree.namespace().inodeOf(child.entry()).access();
            if (!Permissions.isOwner(tree.caller(), access)) {
                throw Workplace.fault(Kind.NOT_PERMITTED, child.name() + " is in a sticky directory in " + about);
            }
        }
    }
}
