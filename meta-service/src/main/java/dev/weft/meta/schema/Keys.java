package dev.weft.meta.schema;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import java.time.Instant;
import java.util.UUID;

/** The keys of schema version 2, as {@code docs/protocol/meta-schema.md} draws them. */
public final class Keys {
    /** Length of an inode id in a key. */
    private static final int ID_BYTES = 8;

    private static final int PREFIX_BYTES = 2;

    public static final Bytes SCHEMA_VERSION = Bytes.ofUtf8("MV");
    /** Number of inode id blocks handed out. */
    public static final Bytes INODE_BLOCKS = Bytes.ofUtf8("MN");
    /** How many requests are remembered. */
    public static final Bytes REQUEST_COUNT = Bytes.ofUtf8("MC");

    public static final Bytes GARBAGE = Bytes.ofUtf8("MG");
    /** Requests in the order in which they were carried out. */
    public static final Bytes REQUEST_AGES = Bytes.ofUtf8("MA");

    public static final Bytes SESSIONS = Bytes.ofUtf8("MS");
    /** Inodes, with the keys that belong to each. */
    public static final Bytes INODES = Bytes.ofUtf8("MI");

    public static final Bytes ENTRIES = Bytes.ofUtf8("MD");
    /** Quotas, with the counters of each. */
    public static final Bytes QUOTAS = Bytes.ofUtf8("MQ");

    private static final Bytes TOUCH = Bytes.ofUtf8("t");
    private static final Bytes DIRECTORY_COUNT = Bytes.ofUtf8("d");
    private static final Bytes EXTENDED = Bytes.ofUtf8("MX");
    private static final Bytes QUOTA_INODES = Bytes.ofUtf8("i");
    private static final Bytes QUOTA_BYTES = Bytes.ofUtf8("b");
    private static final Bytes TRASH = Bytes.ofUtf8("MT");
    private static final Bytes LOCKS = Bytes.ofUtf8("ML");
    private static final Bytes LEASES = Bytes.ofUtf8("ME");
    private static final Bytes REQUESTS = Bytes.ofUtf8("MR");

    private Keys() {}

    public static Bytes inode(long inodeId) {
        return Bytes.concat(INODES, Bytes.ofLong(inodeId));
    }

    /** The inode in a key that begins with its id. */
    public static long inodeOf(Bytes key) {
        return key.longAt(PREFIX_BYTES);
    }

    /** Whether a key under {@link #INODES} is that of an inode, and not of something that belongs to one. */
    public static boolean isInode(Bytes key) {
        return key.length() == PREFIX_BYTES + ID_BYTES;
    }

    /** The same for a quota and its counters. */
    public static boolean isQuota(Bytes key) {
        return isInode(key);
    }

    /** The inode, and the keys below that begin as it does. */
    public static KeyRange wholeInode(long inodeId) {
        return KeyRange.prefix(inode(inodeId));
    }

    /** When a name in a directory was last changed. */
    public static Bytes touch(long inodeId) {
        return Bytes.concat(inode(inodeId), TOUCH);
    }

    /** How many directories are in a directory. */
    public static Bytes directoryCount(long inodeId) {
        return Bytes.concat(inode(inodeId), DIRECTORY_COUNT);
    }

    public static Bytes entry(long parentId, String name) {
        return Bytes.concat(ENTRIES, Bytes.ofLong(parentId), Bytes.ofUtf8(name));
    }

    /** All entries of a directory, in the order of their names' UTF-8 bytes. */
    public static KeyRange entries(long parentId) {
        return KeyRange.prefix(Bytes.concat(ENTRIES, Bytes.ofLong(parentId)));
    }

    /** The directory in the key of an entry. */
    public static long parentOf(Bytes entryKey) {
        return inodeOf(entryKey);
    }

    /** The name in the key of an entry, or of an extended attribute. */
    public static String nameOf(Bytes entryKey) {
        return entryKey.from(PREFIX_BYTES + ID_BYTES).utf8();
    }

    public static Bytes extended(long inodeId, String name) {
        return Bytes.concat(EXTENDED, Bytes.ofLong(inodeId), Bytes.ofUtf8(name));
    }

    /** All extended attributes of an inode. */
    public static KeyRange extended(long inodeId) {
        return KeyRange.prefix(Bytes.concat(EXTENDED, Bytes.ofLong(inodeId)));
    }

    /** The quota of a directory; what counts against it is under the keys below, which begin as this one does. */
    public static Bytes quota(long directoryId) {
        return Bytes.concat(QUOTAS, Bytes.ofLong(directoryId));
    }

    public static KeyRange wholeQuota(long directoryId) {
        return KeyRange.prefix(quota(directoryId));
    }

    public static Bytes quotaInodes(long directoryId) {
        return Bytes.concat(quota(directoryId), QUOTA_INODES);
    }

    public static Bytes quotaBytes(long directoryId) {
        return Bytes.concat(quota(directoryId), QUOTA_BYTES);
    }

    /** Something in the trash, under which the time sorts at which it expires. */
    public static Bytes trash(Instant expiry, long inodeId) {
        return Bytes.concat(TRASH, Bytes.ofLong(expiry.toEpochMilli()), Bytes.ofLong(inodeId));
    }

    /** All that expires before {@code now}. */
    public static KeyRange expired(Instant now) {
        return new KeyRange(TRASH, Bytes.concat(TRASH, Bytes.ofLong(now.toEpochMilli())));
    }

    /** The inode in the key that {@link #trash} made. */
    static long inodeInTrash(Bytes trashKey) {
        return trashKey.longAt(PREFIX_BYTES + Long.BYTES);
    }

    /** The locks on a file. */
    public static Bytes locks(long inodeId) {
        return Bytes.concat(LOCKS, Bytes.ofLong(inodeId));
    }

    /** The lease that a client's locks have. */
    public static Bytes lease(UUID client) {
        return Bytes.concat(LEASES, bytes(client));
    }

    public static Bytes session(long inodeId, UUID session) {
        return Bytes.concat(SESSIONS, Bytes.ofLong(inodeId), bytes(session));
    }

    /** The session in the key that {@link #session} made. */
    public static UUID sessionId(Bytes sessionKey) {
        return new UUID(
                sessionKey.longAt(PREFIX_BYTES + ID_BYTES), sessionKey.longAt(PREFIX_BYTES + ID_BYTES + Long.BYTES));
    }

    public static KeyRange sessions(long inodeId) {
        return KeyRange.prefix(Bytes.concat(SESSIONS, Bytes.ofLong(inodeId)));
    }

    public static Bytes request(UUID request) {
        return Bytes.concat(REQUESTS, bytes(request));
    }

    /** The key that {@link #request} made, from the end of a key under {@link #REQUEST_AGES}. */
    public static Bytes requestOfAge(Bytes ageKey) {
        return Bytes.concat(REQUESTS, ageKey.from(ageKey.length() - 2 * Long.BYTES));
    }

    static Bytes bytes(UUID uuid) {
        return Bytes.concat(Bytes.ofLong(uuid.getMostSignificantBits()), Bytes.ofLong(uuid.getLeastSignificantBits()));
    }
}
