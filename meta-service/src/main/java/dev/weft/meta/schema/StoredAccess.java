package dev.weft.meta.schema;

import dev.weft.serde.Serde;

/** Who may do what with an inode: the twelve permission bits of POSIX, and whose it is. */
@Serde
public record StoredAccess(int permissions, int owner, int group) {
    public static final int SET_USER = 04000;
    public static final int SET_GROUP = 02000;
    public static final int STICKY = 01000;

    public boolean has(int bit) {
        return (permissions & bit) != 0;
    }

    public StoredAccess withPermissions(int newPermissions) {
        return new StoredAccess(newPermissions, owner, group);
    }
}
