package dev.weft.meta.operations;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.SetExtendedRequest;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredInode;

/** Which extended attributes there may be, and whose they are. */
final class ExtendedNames {
    private static final String USER = "user.";
    private static final String TRUSTED = "trusted.";

    private ExtendedNames() {}

    static void check(String name) throws MetaException {
        int bytes = MetaPath.utf8Length(name);
        if (bytes > SetExtendedRequest.NAME_BYTES_MAX) {
            throw Workplace.fault(
                    Kind.TOO_LARGE,
                    "attribute name of " + bytes + " bytes, at most " + SetExtendedRequest.NAME_BYTES_MAX);
        }
        boolean known = name.startsWith(USER) || name.startsWith(TRUSTED);
        if (!known || name.equals(USER) || name.equals(TRUSTED) || name.indexOf('\0') >= 0) {
            throw Workplace.fault(Kind.INVALID, "attribute '" + name + "' is in neither of user. and trusted.");
        }
    }

    /** Whether a caller gets to see that there is such an attribute. */
    static boolean visible(Tree tree, String name) {
        return tree.caller().isRoot() || !name.startsWith(TRUSTED);
    }

    static void requireMaySet(Tree tree, String name, StoredInode inode, Object about) throws MetaException {
        if (!visible(tree, name)) {
            throw Workplace.fault(Kind.NOT_PERMITTED, name + " of " + about);
        }
        if (name.startsWith(TRUSTED)) {
            return;
        }
        // As on Linux: users keep no data of their own on what is everyone's.
        boolean shared = inode.isDirectory() && inode.access().has(StoredAccess.STICKY);
        boolean foreign = shared && !Permissions.isOwner(tree.caller(), inode.access());
        if (inode.type() == FileType.SYMLINK || foreign) {
            throw Workplace.fault(Kind.NOT_PERMITTED, name + " of " + about);
        }
        tree.require(inode.access(), Permissions.WRITE, about);
    }
}
