package dev.weft.meta.schema;

import dev.weft.api.meta.ExtendedAttributes.Attribute;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.SetExtendedRequest;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.Transaction;
import dev.weft.serde.Codec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The tree of files as one transaction sees and changes it. Every read conflicts with later changes of what was read, so
 * an operation that looked at a path commits only if the path still leads where it did.
 */
public final class Namespace {
    /** Inode of {@code /}. It exists from the beginning. */
    public static final long ROOT_ID = 1;

    private static final int SESSIONS_SEEN = 1000;

    private final Transaction transaction;

    public Namespace(Transaction transaction) {
        this.transaction = transaction;
    }

    /** Makes an empty file system of an empty store. */
    public void format(int permissions, Instant now) {
        StoredAccess access = new StoredAccess(permissions, 0, 0);
        StoredContent place = new StoredContent.Directory(0, "", 0, 0, Optional.empty());
        StoredInode root = StoredInode.of(access, place, ROOT_ID, now);
        putInode(ROOT_ID, root);
        quotas().put(ROOT_ID, new StoredQuota(0, 0, 0));
        putEntry(0, "", StoredEntry.of(ROOT_ID, root));
    }

    /** The root, which has an entry of its own for the sake of its permissions. */
    public StoredEntry root() {
        return entry(0, "").orElseThrow(() -> new IllegalStateException("the store has no root"));
    }

    public Optional<StoredEntry> entry(long parentId, String name) {
        return read(StoredEntryCodec.CODEC, Keys.entry(parentId, name));
    }

    public void putEntry(long parentId, String name, StoredEntry entry) {
        transaction.put(Keys.entry(parentId, name), Records.encode(StoredEntryCodec.CODEC, entry));
    }

    public void removeEntry(long parentId, String name) {
        transaction.remove(Keys.entry(parentId, name));
    }

    public boolean isEmptyDirectory(long inodeId) {
        return transaction.range(Keys.entries(inodeId), 1).isEmpty();
    }

    /** A name in a directory. */
    public record Named(String name, StoredEntry entry) {}

    /** The first entries after the name {@code after}; empty for all. */
    public List<Named> entries(long parentId, String after, int limit) {
        KeyRange range = Keys.entries(parentId);
        if (!after.isEmpty()) {
            range = range.after(Keys.entry(parentId, after));
        }
        List<Named> page = new ArrayList<>();
        for (KeyValue found : transaction.range(range, limit)) {
            page.add(new Named(Keys.nameOf(found.key()), Records.decode(StoredEntryCodec.CODEC, found.value())));
        }
        return page;
    }

    public Optional<StoredInode> inode(long inodeId) {
        return read(StoredInodeCodec.CODEC, Keys.inode(inodeId));
    }

    /** The inode of an entry, which exists as long as the entry does. */
    public StoredInode inodeOf(StoredEntry entry) {
        return inode(entry.inodeId())
                .orElseThrow(
                        () -> new IllegalStateException("inode " + entry.inodeId() + " has an entry but is missing"));
    }

    /** An inode as it is seen from outside, by one read. */
    public Optional<Inode> seen(long inodeId, FileType type) {
        return type == FileType.DIRECTORY
                ? seenDirectory(inodeId)
                : inode(inodeId).map(inode -> inode.toInode(inodeId));
    }

    /** The same for an inode of which the type is not known. */
    public Optional<Inode> seen(long inodeId) {
        return seenDirectory(inodeId);
    }

    /** Fetches keys in one go that are probably read soon. */
    public void prefetch(List<Bytes> keys) {
        transaction.prefetch(keys);
    }

    /** The keys of what {@link #seen} reads. */
    public static List<Bytes> keysOf(StoredEntry entry) {
        return entry.isDirectory() ? directoryKeys(entry.inodeId()) : List.of(Keys.inode(entry.inodeId()));
    }

    private static List<Bytes> directoryKeys(long inodeId) {
        return List.of(Keys.inode(inodeId), Keys.touch(inodeId), Keys.directoryCount(inodeId));
    }

    private Optional<Inode> seenDirectory(long inodeId) {
        transaction.prefetch(directoryKeys(inodeId));
        Optional<StoredInode> stored = inode(inodeId);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        StoredInode inode = stored.get();
        if (!inode.isDirectory()) {
            return Optional.of(inode.toInode(inodeId));
        }
        Instant touched = read(StoredTouchCodec.CODEC, Keys.touch(inodeId))
                .map(StoredTouch::modified)
                .orElse(Instant.MIN);
        long directories = transaction
                .get(Keys.directoryCount(inodeId))
                .map(Bytes::counter)
                .orElse(0L);
        int links = inode.links() == 0 ? 0 : (int) Math.min(2 + directories, Integer.MAX_VALUE);
        return Optional.of(
                inode.toInode(inodeId, links, later(inode.modified(), touched), later(inode.changed(), touched)));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    public void putInode(long inodeId, StoredInode inode) {
        transaction.put(Keys.inode(inodeId), Records.encode(StoredInodeCodec.CODEC, inode));
    }

    /** Removes the inode with all that belongs to it, but not its entries and sessions. */
    public void removeInode(long inodeId) {
        transaction.clear(Keys.wholeInode(inodeId));
        transaction.clear(Keys.extended(inodeId));
        transaction.remove(Keys.locks(inodeId));
    }

    /** All extended attributes of an inode; what they may take together bounds their number. */
    public List<Attribute> extendedAttributes(long inodeId) {
        return transaction.range(Keys.extended(inodeId), SetExtendedRequest.TOTAL_BYTES_MAX).stream()
                .map(found ->
                        new Attribute(Keys.nameOf(found.key()), found.value().segment()))
                .toList();
    }

    public boolean hasExtended(long inodeId) {
        return !transaction.range(Keys.extended(inodeId), 1).isEmpty();
    }

    public void putExtended(long inodeId, String name, Bytes value) {
        transaction.put(Keys.extended(inodeId, name), value);
    }

    public void removeExtended(long inodeId, String name) {
        transaction.remove(Keys.extended(inodeId, name));
    }

    /** The quota that an inode itself counts against: a directory with one of its own counts against the outer one. */
    public long chargedTo(long inodeId, StoredInode inode) {
        return inode.quota() == inodeId ? quotas().of(inodeId).outer() : inode.quota();
    }

    /** One name of an inode is gone. With the last one goes the inode, for which the collector waits while it is open. */
    public void release(StoredEntry entry, StoredInode inode, Instant now) {
        putInode(entry.inodeId(), inode.withLinks(inode.links() - 1, now));
        if (inode.links() == 1) {
            quotas().release(chargedTo(entry.inodeId(), inode), inode.bytes());
            discard(entry.inodeId(), entry.type());
        }
    }

    /** Removes a directory that nothing is in any more; not yet, if something counts against its quota still. */
    public boolean removeDirectory(long inodeId, StoredInode inode) {
        if (inode.quota() == inodeId) {
            if (quotas().isUsed(inodeId)) {
                return false;
            }
            quotas().remove(inodeId);
        }
        removeInode(inodeId);
        return true;
    }

    public Quotas quotas() {
        return new Quotas(transaction);
    }

    /** Notes that a name in a directory changed. */
    public void touch(long directoryId, Instant now) {
        transaction.put(Keys.touch(directoryId), Records.encode(StoredTouchCodec.CODEC, new StoredTouch(now)));
    }

    /** Counts the directories in a directory. */
    public void countDirectories(long directoryId, int change) {
        transaction.add(Keys.directoryCount(directoryId), change);
    }

    public Optional<StoredSession> session(long inodeId, UUID session) {
        return read(StoredSessionCodec.CODEC, Keys.session(inodeId, session));
    }

    public void putSession(long inodeId, UUID session, StoredSession value) {
        transaction.put(Keys.session(inodeId, session), Records.encode(StoredSessionCodec.CODEC, value));
    }

    public void removeSession(long inodeId, UUID session) {
        transaction.remove(Keys.session(inodeId, session));
    }

    public void removeSessions(long inodeId) {
        transaction.clear(Keys.sessions(inodeId));
    }

    /** Whether somebody has the file open for writing; with more than {@link #SESSIONS_SEEN} sessions it is taken to be. */
    public boolean isOpen(long inodeId) {
        List<KeyValue> sessions = transaction.range(Keys.sessions(inodeId), SESSIONS_SEEN);
        return sessions.size() == SESSIONS_SEEN
                || sessions.stream()
                        .map(found -> Records.decode(StoredSessionCodec.CODEC, found.value()))
                        .anyMatch(StoredSession::isOpen);
    }

    /** Notes that a name in the trash expires. */
    public void expireAt(Instant expiry, long inodeId, long parentId, String name) {
        Trash.note(transaction, expiry, inodeId, parentId, name);
    }

    /** Leaves the inode and all below it to the collector; the caller removes the entry. */
    public void discard(long inodeId, FileType type) {
        transaction.putStamped(
                Keys.GARBAGE,
                Bytes.ofLong(inodeId),
                Records.encode(StoredGarbageCodec.CODEC, new StoredGarbage(inodeId, type)));
    }

    private <T> Optional<T> read(Codec<T> codec, Bytes key) {
        return transaction.get(key).map(value -> Records.decode(codec, value));
    }
}
