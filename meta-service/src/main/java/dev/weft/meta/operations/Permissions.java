package dev.weft.meta.operations;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.schema.StoredAccess;

/** Permission bits as POSIX has them. */
final class Permissions {
    static final int READ = 4;
    static final int WRITE = 2;
    /** Of a directory: to look names up in it. */
    static final int SEARCH = 1;

    private static final int ALL = 07777;
    private static final int GROUP_EXECUTE = 010;

    private Permissions() {}

    static int check(int permissions) throws MetaException {
        if ((permissions & ~ALL) != 0) {
            throw Workplace.fault(
                    Kind.INVALID,
                    "permissions " + Integer.toOctalString(permissions) + " exceed " + Integer.toOctalString(ALL));
        }
        return permissions;
    }

    /** Whether the caller has all the rights in {@code wanted}. The first class that it belongs to decides. */
    static boolean allow(Credentials caller, StoredAccess access, int wanted) {
        if (caller.isRoot()) {
            return true;
        }
        int shift = caller.user() == access.owner() ? 6 : caller.isIn(access.group()) ? 3 : 0;
        return (access.permissions() >> shift & wanted) == wanted;
    }

    static void require(Credentials caller, StoredAccess access, int wanted, Object about) throws MetaException {
        if (!allow(caller, access, wanted)) {
            throw Workplace.fault(Kind.ACCESS_DENIED, about);
        }
    }

    static boolean isOwner(Credentials caller, StoredAccess access) {
        return caller.isRoot() || caller.user() == access.owner();
    }

    static void requireOwner(Credentials caller, StoredAccess access, Object about) throws MetaException {
        if (!isOwner(caller, access)) {
            throw Workplace.fault(Kind.NOT_PERMITTED, about);
        }
    }

    /** Of something new in a directory: a directory that sets groups gives its own, and a directory in it does too. */
    static StoredAccess ofNew(Credentials caller, StoredAccess parent, int permissions, boolean directory) {
        int bits = permissions;
        int group = caller.group();
        if (parent.has(StoredAccess.SET_GROUP)) {
            group = parent.group();
            bits |= directory ? StoredAccess.SET_GROUP : 0;
        }
        return new StoredAccess(directory ? bits : withoutForeignGroup(caller, bits, group), caller.user(), group);
    }

    /** Nobody lets others act as a group that is not his. */
    static int withoutForeignGroup(Credentials caller, int bits, int group) {
        return caller.isRoot() || caller.isIn(group) ? bits : bits & ~StoredAccess.SET_GROUP;
    }

    /** After someone wrote to a file or gave it away, it does not act as its owner any more. */
    static StoredAccess withoutSetId(StoredAccess access) {
        int bits = access.permissions() & ~StoredAccess.SET_USER;
        return access.withPermissions((bits & GROUP_EXECUTE) != 0 ? bits & ~StoredAccess.SET_GROUP : bits);
    }
}
