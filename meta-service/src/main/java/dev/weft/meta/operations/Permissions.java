package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;

/** Permission bits as POSIX has them. */
final class Permissions {
    private static final int ALL = 07777;

    private Permissions() {}

    static int check(int permissions) throws MetaException {
        if ((permissions & ~ALL) != 0) {
            throw Workplace.fault(
                    Kind.INVALID,
                    "permissions " + Integer.toOctalString(permissions) + " exceed " + Integer.toOctalString(ALL));
        }
        return permissions;
    }
}
